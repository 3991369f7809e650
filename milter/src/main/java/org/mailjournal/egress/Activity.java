package org.mailjournal.egress;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Counts open transactions, so that the relay can stop between them. */
final class Activity {
  private int open;
  private boolean draining;

  /** Whether one may begin. */
  synchronized boolean begin() {
    if (draining) {
      return false;
    }
    open++;
    return true;
  }

  synchronized void end() {
    open--;
    notifyAll();
  }

  /** Lets no more begin, and waits for the open ones; whether they ended in time. */
  synchronized boolean drain(Duration limit) throws InterruptedException {
    draining = true;
    long deadline = System.nanoTime() + limit.toNanos();
    while (open > 0) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, TimeUnit.MILLISECONDS.toNanos(1)));
    }
    return true;
  }
}
