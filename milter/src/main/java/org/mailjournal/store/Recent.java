package org.mailjournal.store;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * What was used of late, up to a total weight. What is large has a room of its own, so that neither
 * many small ones put out a large one that is in use, nor a large one them; the newest large one
 * stays even when it alone is heavier than that room. Not for use by two threads at once.
 */
final class Recent<K, V> {
  /** Whatever weighs more than this part of the limit is large. */
  private static final int PART = 4;

  private final ToIntFunction<V> weigh;
  private final int limit;
  private final Room<K, V> small;
  private final Room<K, V> large;

  Recent(int limit, int largeLimit, ToIntFunction<V> weigh) {
    this.weigh = weigh;
    this.limit = limit;
    this.small = new Room<>(limit);
    this.large = new Room<>(largeLimit);
  }

  /** Each weighs one. */
  Recent(int limit) {
    this(limit, limit, value -> 1);
  }

  private record Held<V>(V value, int weight) {}

  private static final class Room<K, V> {
    private final Map<K, Held<V>> entries = new LinkedHashMap<>(16, 0.75f, true);
    private final int limit;
    private long total;

    private Room(int limit) {
      this.limit = limit;
    }

    private void put(K key, Held<V> held) {
      remove(key);
      entries.put(key, held);
      total += held.weight;
      var oldest = entries.values().iterator();
      while (total > limit && entries.size() > 1) {
        total -= oldest.next().weight;
        oldest.remove();
      }
    }

    private void remove(K key) {
      Held<V> gone = entries.remove(key);
      total -= gone == null ? 0 : gone.weight;
    }

    private void clear() {
      entries.clear();
      total = 0;
    }
  }

  V get(K key) {
    Held<V> held = small.entries.get(key);
    if (held == null) {
      held = large.entries.get(key);
    }
    return held == null ? null : held.value;
  }

  /** Puts it in, or weighs it again. */
  void put(K key, V value) {
    Held<V> held = new Held<>(value, weigh.applyAsInt(value));
    boolean isLarge = held.weight > limit / PART;
    (isLarge ? small : large).remove(key);
    (isLarge ? large : small).put(key, held);
  }

  void remove(K key) {
    small.remove(key);
    large.remove(key);
  }

  void clear() {
    small.clear();
    large.clear();
  }
}
