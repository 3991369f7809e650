package org.mailjournal.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns SIGINT and SIGTERM into an orderly end with exit code 0, for a command that has no other
 * end. A hook is the only way to hear of them without the JDK's internal classes; it holds the
 * process until the command has closed what it had open.
 */
final class Interrupt implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 5;

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook = new Thread(this::endProcess, "interrupt");

  private Interrupt() {}

  static Interrupt ofProcess() {
    Interrupt interrupt = new Interrupt();
    Runtime.getRuntime().addShutdownHook(interrupt.hook);
    return interrupt;
  }

  private void endProcess() {
    asked.countDown();
    try {
      if (closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        Runtime.getRuntime().halt(CommandLineProgram.OK);
      }
    } catch (InterruptedException endAsItIs) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits, and says whether the process was asked to end. */
  boolean await(long time, TimeUnit unit) throws InterruptedException {
    return asked.await(time, unit);
  }

  @Override
  public void close() {
    if (asked.getCount() > 0) {
      removeHook();
    }
    closed.countDown();
  }

  private void removeHook() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException alreadyEnding) {
      // Then the hook runs, and ends the process as we wanted to.
    }
  }
}
