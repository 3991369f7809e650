package org.mailjournal.store;

/** Ends threads in order. */
final class Threads {
  private Threads() {}

  /** Waits until it has ended, however often somebody interrupts that. */
  static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
