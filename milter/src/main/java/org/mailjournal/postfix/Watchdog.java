package org.mailjournal.postfix;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Closes what takes too long. Blocking channels of unix sockets know no timeout of their own; a
 * close from another thread ends their read or write.
 */
final class Watchdog implements Closeable {
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(1, Threads.named("tap-watchdog"));

  Watchdog() {
    timer.setRemoveOnCancelPolicy(true);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** A read, a write or a connect. */
  @FunctionalInterface
  interface Step<T> {
    T take() throws IOException;
  }

  /** The step's result, if it comes in time; if not, the channel is closed. */
  <T> T within(Duration limit, Closeable channel, Step<T> step) throws IOException {
    AtomicBoolean late = new AtomicBoolean();
    Runnable bite =
        () -> {
          late.set(true);
          quietly(channel);
        };
    ScheduledFuture<?> bound = watch(bite, limit);
    try {
      return step.take();
    } catch (IOException e) {
      throw late.get() ? new IOException("not within " + limit.toMillis() + " ms", e) : e;
    } finally {
      bound.cancel(false);
    }
  }

  private ScheduledFuture<?> watch(Runnable bite, Duration limit) throws IOException {
    try {
      return timer.schedule(bite, limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      throw new IOException("the tap is being closed", e);
    }
  }

  static void quietly(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException nothingLeftToDo) {
      // The descriptor is gone either way.
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
