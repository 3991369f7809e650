package org.mailjournal.relaytest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** How a measure went with time. */
final class Trend {
  /** In an hour, of the mean. */
  private static final double FLAT = 0.05;

  private static final double HOUR = Duration.ofHours(1).toNanos();

  private final List<Double> hours = new ArrayList<>();
  private final List<Double> values = new ArrayList<>();

  void add(Duration at, double value) {
    hours.add(at.toNanos() / HOUR);
    values.add(value);
  }

  double first() {
    return values.get(0);
  }

  double last() {
    return values.get(values.size() - 1);
  }

  double highest() {
    return values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
  }

  /** The slope of the straight line with the least squares. */
  double perHour() {
    double hour = mean(hours);
    double value = mean(values);
    double both = 0;
    double square = 0;
    for (int i = 0; i < hours.size(); i++) {
      both += (hours.get(i) - hour) * (values.get(i) - value);
      square += (hours.get(i) - hour) * (hours.get(i) - hour);
    }
    return square == 0 ? 0 : both / square;
  }

  /** It does not grow; that it falls is no harm. */
  boolean isFlat() {
    return perHour() <= FLAT * mean(values);
  }

  private static double mean(List<Double> numbers) {
    return numbers.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
  }
}
