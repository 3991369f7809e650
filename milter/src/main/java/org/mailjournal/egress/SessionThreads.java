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
}
