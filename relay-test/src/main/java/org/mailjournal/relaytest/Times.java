package org.mailjournal.relaytest;

import java.util.Arrays;
import java.util.Collection;

/** Many durations of the same thing, in nanoseconds. */
final class Times {
  private long[] nanos = new long[1024];
  private int count;

  /** All of them together. */
  static Times of(Collection<Times> parts) {
    Times all = new Times();
    all.nanos = parts.stream().flatMapToLong(part -> Arrays.stream(part.taken())).toArray();
    all.count = all.nanos.length;
    return all;
  }

  void add(long duration) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * count + 1);
    }
    nanos[count++] = duration;
  }

  int count() {
    return count;
  }

  /** In milliseconds. */
  double percentile(double percent) {
    long[] sorted = taken();
    Arrays.sort(sorted);
    return sorted[(int) Math.min(count - 1, Math.floor(count * percent / 100))] / 1e6;
  }

  private long[] taken() {
    return Arrays.copyOf(nanos, count);
  }
}
