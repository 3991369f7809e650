package org.mailjournal.relaytest;

/** Where sessions wait until a test lets them go. */
final class Gate {
  private int waiting;
  private long opened;
  private boolean shut;

  /** Waits for the next {@link #open()}; false when it was shut instead. */
  synchronized boolean pass() {
    long mine = opened;
    waiting++;
    try {
      while (opened == mine && !shut) {
        wait();
      }
      return !shut;
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      waiting--;
    }
  }

  synchronized void open() {
    opened++;
    notifyAll();
  }

  synchronized void shut() {
    shut = true;
    notifyAll();
  }

  synchronized int waiting() {
    return waiting;
  }
}
