package org.mailjournal.relaytest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Measures what the journal costs, as ratios of runs in turn: {@code ./check --bench [NAME...]}.
 * The results are in doc/PERFORMANCE.md.
 */
public final class Benchmarks {
  private static final List<Benchmark> ALL =
      List.of(
          new MilterBenchmark(),
          new PaceBenchmark(),
          new PostfixBenchmark(),
          new SendmailBenchmark(),
          new RelayBenchmark(),
          new ReceiptBenchmark(),
          new JournalBenchmark(),
          new PlotBenchmark(),
          new SoakBenchmark());

  private Benchmarks() {}

  /**
   * Runs the named ones, or all. Options: {@code --rounds N}, {@code --seconds N} for each run of a
   * milter, {@code --messages N} in the journal that is asked, {@code --minutes N} of steady mail.
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    List<String> names = new ArrayList<>();
    BenchmarkSettings settings;
    try {
      settings = BenchmarkSettings.of(List.of(arguments), names, System.out);
      names.forEach(Benchmarks::require);
    } catch (IllegalArgumentException wrong) {
      System.err.println("bench: " + wrong.getMessage());
      System.exit(2);
      return;
    }
    for (Benchmark benchmark : ALL) {
      boolean asked = names.isEmpty() && !benchmark.onlyWhenNamed();
      if (asked || names.contains(benchmark.name())) {
        settings.print(benchmark.name());
        benchmark.run(settings);
      }
    }
    // A milter's client may still hold a thread.
    System.exit(0);
  }

  private static void require(String name) {
    List<String> known = ALL.stream().map(Benchmark::name).toList();
    if (!known.contains(name)) {
      throw new IllegalArgumentException(
          "expected one of " + String.join(", ", known) + ", got '" + name + "'");
    }
  }
}
