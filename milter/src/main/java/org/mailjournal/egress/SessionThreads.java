package org.mailjournal.egress;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread for each connection, as many as there may be connections. The library waits with the
 * next one while they are all busy.
 */
final class SessionThreads extends ThreadPoolExecutor {
  private static final Logger LOG = LoggerFactory.getLogger(SessionThreads.class);
  private static final Duration QUIET = Duration.ofMinutes(1);

  /** Of the 40 s that systemd gives the daemon. */
  private static final Duration LONGEST_END = Duration.ofSeconds(5);

  private final int most;

  /** Used by the library's listening thread alone. */
  private long lastFull = System.nanoTime() - QUIET.toNanos();

  SessionThreads(int most, ThreadFactory factory) {
    super(0, Integer.MAX_VALUE, 60, TimeUnit.SECONDS, new SynchronousQueue<>(), factory);
    this.most = most;
  }

  @Override
  public void execute(Runnable session) {
    if (getActiveCount() + 1 >= most && System.nanoTime() - lastFull >= QUIET.toNanos()) {
      lastFull = System.nanoTime();
      LOG.warn("egress: {} connections are open, the most allowed; others wait", most);
    }
    try {
      super.execute(session);
    } catch (OutOfMemoryError noThread) {
      // It would end the listening thread, and the relay with it.
      throw new RejectedExecutionException("no thread: raise TasksMax in the unit", noThread);
    }
  }

  /**
   * The library would wait for ever, also for who waits for the disk. What does not end is a daemon
   * thread, and ends with the process.
   */
  @Override
  public boolean awaitTermination(long limit, TimeUnit unit) throws InterruptedException {
    boolean ended =
        super.awaitTermination(
            Math.min(unit.toNanos(limit), LONGEST_END.toNanos()), TimeUnit.NANOSECONDS);
    if (!ended) {
      LOG.warn("egress: {} sessions do not end; they are left", getActiveCount());
    }
    return ended;
  }
}
