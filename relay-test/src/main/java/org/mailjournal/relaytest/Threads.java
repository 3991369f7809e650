package org.mailjournal.relaytest;

/** Threads, and what they do when the program ends. */
final class Threads {
  private Threads() {}

  static Thread daemon(Runnable task) {
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    return thread;
  }

  /** Takes a hook back, unless the program is ending already and the hook has begun. */
  static void notAtExit(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      // Then both close the same thing, which bears it.
    }
  }
}
