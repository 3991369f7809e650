package org.mailjournal.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * What was used of late, up to a total weight. There are rooms of increasing size, and what is
 * large for one of them belongs to the next, so that neither many small ones put out a large one
 * that is in use, nor a large one them; the newest of a room stays even when it alone is heavier
 * than that. Not for use by two threads at once.
 */
final class Recent<K, V> {
  /** Whatever weighs more than this part of a room's limit is large for it. */
  private static final int PART = 4;

  private final ToIntFunction<V> weigh;
  private final List<Room<K, V>> rooms = new ArrayList<>();

  /**
   * With rooms for nothing yet.
   *
   * @param limits the total weight that each room takes, the smallest first
   */
  Recent(ToIntFunction<V> weigh, int... limits) {
    this.weigh = weigh;
    for (int limit : limits) {
      rooms.add(new Room<>(limit));
    }
  }

  /** Each weighs one. */
  Recent(int limit) {
    this(value -> 1, limit);
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
    for (Room<K, V> room : rooms) {
      Held<V> held = room.entries.get(key);
      if (held != null) {
        return held.value;
      }
    }
    return null;
  }

  /** Puts it in, or weighs it again. */
  void put(K key, V value) {
    Held<V> held = new Held<>(value, weigh.applyAsInt(value));
    int place = 0;
    while (place < rooms.size() - 1 && held.weight > rooms.get(place).limit / PART) {
      rooms.get(place).remove(key);
      place++;
    }
    rooms.subList(place + 1, rooms.size()).forEach(room -> room.remove(key));
    rooms.get(place).put(key, held);
  }

  void remove(K key) {
    rooms.forEach(room -> room.remove(key));
  }

  void clear() {
    rooms.forEach(Room::clear);
  }
}
