package org.mailjournal.relaytest;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Threads, and what they do when the program ends. */
final class Threads {
  private static final Logger LOG = LoggerFactory.getLogger(Threads.class);

  /** Longer than the end of a task takes that is still on its way to the disk. */
  private static final long END_SECONDS = 5;

  private Threads() {}

  /**
   * Ends what runs and waits for it, or a task would write into a directory that its test has begun
   * to remove.
   */
  static void end(ExecutorService threads) {
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(END_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("some tasks still run {} s after they were told to end", END_SECONDS);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

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
