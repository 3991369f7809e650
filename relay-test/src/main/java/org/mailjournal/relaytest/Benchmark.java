package org.mailjournal.relaytest;

import java.io.IOException;

/** One comparison that {@link Benchmarks} runs. */
interface Benchmark {
  /** What {@code ./check --bench NAME} calls it. */
  String name();

  /** Measures and prints; absolute numbers only behind the machine's line. */
  void run(BenchmarkSettings settings) throws IOException, InterruptedException;
}
