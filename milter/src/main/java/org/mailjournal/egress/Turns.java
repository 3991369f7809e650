package org.mailjournal.egress;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Lets those who do something about the same thing do it one after the other. */
final class Turns<K> {
  private final Map<K, Turn> turns = new HashMap<>();
  private final Duration patience;

  /**
   * Turns that nobody waits for much longer.
   *
   * @param patience how long one lets others go first, before it goes beside them
   */
  Turns(Duration patience) {
    this.patience = patience;
  }

  private static final class Turn {
    private final ReentrantLock lock = new ReentrantLock();
    private int takers;
  }

  /** Does it when nobody else does anything about the same key. */
  <T> T take(K key, Supplier<T> work) {
    Turn turn = enter(key);
    boolean alone = isAlone(turn);
    try {
      return work.get();
    } finally {
      if (alone) {
        turn.lock.unlock();
      }
      leave(key, turn);
    }
  }

  private boolean isAlone(Turn turn) {
    try {
      return turn.lock.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private synchronized Turn enter(K key) {
    Turn turn = turns.computeIfAbsent(key, k -> new Turn());
    turn.takers++;
    return turn;
  }

  private synchronized void leave(K key, Turn turn) {
    turn.takers--;
    if (turn.takers == 0) {
      turns.remove(key);
    }
  }
}
