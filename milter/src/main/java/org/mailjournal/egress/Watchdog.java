package org.mailjournal.egress;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Closes connections whose step takes too long, and all when the relay stops. One mechanism for
 * all: a socket's own timeout knows nothing of writes, starts anew with each byte that trickles in,
 * and does not exist for unix sockets.
 */
final class Watchdog implements Closeable {
  private static final long TICK_MILLIS = 50;

  private final Set<Guard> guards = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;
  private final Thread thread = new Thread(this::run, "egress-watchdog");

  Watchdog() {
    thread.setDaemon(true);
    thread.start();
  }

  /** From now on watches a connection, until the guard is closed. */
  Guard guard(Closeable connection) {
    Guard guard = new Guard(connection);
    guards.add(guard);
    if (closed) {
      guard.fire();
    }
    return guard;
  }

  /** Whether all that it watches is closed, and all that it will. */
  boolean isClosed() {
    return closed;
  }

  /** Closes every connection, and those to come. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    guards.forEach(Guard::fire);
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(TICK_MILLIS);
        long now = System.nanoTime();
        for (Guard guard : guards) {
          guard.check(now);
        }
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  /** Watches one connection. Used by the connection's own thread. */
  final class Guard implements Closeable {
    private final Closeable connection;
    private long deadline;
    private boolean armed;
    private boolean fired;

    private Guard(Closeable connection) {
      this.connection = connection;
    }

    /** From now on, so long. */
    synchronized void arm(Duration limit) {
      deadline = System.nanoTime() + limit.toNanos();
      armed = true;
    }

    /** The step was done in time. */
    synchronized void disarm() {
      armed = false;
    }

    /** Whether the connection was closed for being slow. */
    synchronized boolean hasFired() {
      return fired;
    }

    private void check(long now) {
      synchronized (this) {
        if (!armed || now - deadline < 0) {
          return;
        }
        armed = false;
        fired = true;
      }
      fire();
    }

    private void fire() {
      try {
        connection.close();
      } catch (IOException closedEnough) {
        // The reader or writer sees it closed, which is all that is wanted.
      }
    }

    @Override
    public void close() {
      guards.remove(this);
    }
  }
}
