package org.mailjournal.protocol;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The connections that are open, and how many messages are open on them. */
final class Connections {
  private final Map<Connection, Runnable> stops = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition quiet = lock.newCondition();
  private int messages;
  private boolean draining;

  /**
   * A connection is there.
   *
   * @param stop ends it, from any thread
   */
  void add(Connection connection, Runnable stop) {
    stops.put(connection, stop);
  }

  void remove(Connection connection) {
    stops.remove(connection);
  }

  int size() {
    return stops.size();
  }

  /** Whether the message that begins may be completed; if so, it counts until it has ended. */
  boolean messageBegun() {
    lock.lock();
    try {
      if (!draining) {
        messages++;
      }
      return !draining;
    } finally {
      lock.unlock();
    }
  }

  void messageEnded() {
    lock.lock();
    try {
      messages--;
      if (messages == 0) {
        quiet.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** From now on no message may be completed that has not begun. */
  void drain() {
    lock.lock();
    try {
      draining = true;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until no message is open.
   *
   * @return how many still are
   */
  int awaitQuiet(Duration patience) throws InterruptedException {
    long left = patience.toNanos();
    lock.lock();
    try {
      while (messages > 0 && left > 0) {
        left = quiet.awaitNanos(left);
      }
      return messages;
    } finally {
      lock.unlock();
    }
  }

  /** Ends all of them and waits until they are gone, a moment at most. */
  void stopAll() throws InterruptedException {
    stops.values().forEach(Runnable::run);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
    while (!stops.isEmpty() && System.nanoTime() < deadline) {
      awaitQuiet(Duration.ofMillis(5));
    }
  }
}
