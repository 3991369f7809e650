package org.mailjournal.egress;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts the onward connections to each destination. */
final class Slots {
  private final Map<Destination, Integer> taken = new ConcurrentHashMap<>();
  private final int limit;

  Slots(int limit) {
    this.limit = limit;
  }

  void take(Destination destination) throws HopException {
    int now = taken.merge(destination, 1, Integer::sum);
    if (now > limit) {
      release(destination);
      throw HopException.ours(
          451, "4.4.5", "there are " + limit + " connections to " + destination + " already", null);
    }
  }

  void release(Destination destination) {
    taken.computeIfPresent(destination, (d, count) -> count == 1 ? null : count - 1);
  }
}
