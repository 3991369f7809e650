package org.mailjournal.store;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * What was used of late, up to a total weight; the newest stays even when it alone is heavier. Not
 * for use by two threads at once.
 */
final class Recent<K, V> {
  private final Map<K, V> entries = new LinkedHashMap<>(16, 0.75f, true);
  private final ToIntFunction<V> weigh;
  private final int limit;
  private final Map<K, Integer> weights = new LinkedHashMap<>();
  private long total;

  Recent(int limit, ToIntFunction<V> weigh) {
    this.limit = limit;
    this.weigh = weigh;
  }

  /** Each weighs one. */
  Recent(int limit) {
    this(limit, value -> 1);
  }

  V get(K key) {
    return entries.get(key);
  }

  /** Puts it in, or weighs it again. */
  void put(K key, V value) {
    entries.put(key, value);
    int weight = weigh.applyAsInt(value);
    Integer before = weights.put(key, weight);
    total += weight - (before == null ? 0 : before);
    var oldest = entries.entrySet().iterator();
    while (total > limit && entries.size() > 1) {
      K gone = oldest.next().getKey();
      oldest.remove();
      total -= weights.remove(gone);
    }
  }

  void clear() {
    entries.clear();
    weights.clear();
    total = 0;
  }
}
