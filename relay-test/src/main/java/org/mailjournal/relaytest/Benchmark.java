package org.mailjournal.relaytest;

import java.io.IOException;

/** One comparison that {@link Benchmarks} runs. */
interface Benchmark {
  /** What {@code ./check --bench NAME} calls it. */
  String name();

  /** Whether it takes too long to be run with all others. */
  default boolean onlyWhenNamed() {
    return false;
  }

  /** Measures and prints; absolute numbers only behind the machine's line. */
  void run(BenchmarkSettings settings) throws IOException, InterruptedException;
}
