package org.mailjournal.relaytest;

import java.util.concurrent.CompletableFuture;

/** Threads, and what they do when the program ends. */
final class Threads {
  private Threads() {}

  static Thread daemon(Runnable task) {
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    return thread;
  }

  /** Ends the process with SIGTERM if the program is ended before it. */
  static Process notLeftBehind(Process process) {
    Thread hook = new Thread(process::destroy);
    Runtime.getRuntime().addShutdownHook(hook);
    CompletableFuture<Void> unused = process.onExit().thenRun(() -> notAtExit(hook));
    return process;
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
