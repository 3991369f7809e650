package org.mailjournal.relaytest;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Milters of all kinds under the same load, in turn: how many messages they take, and how long the
 * MTA waits at the end of each. Comes with {@link MilterBenchmark}.
 */
record MilterNeighbours(BenchmarkSettings settings, Map<String, MilterLoad> milters) {
  private static final int[] CONNECTIONS = {1, 50, 300, 1000};

  /** With what there is on this machine beside the two of ours. */
  static void run(BenchmarkSettings settings, Path directory, Map<String, MilterLoad> ours)
      throws IOException, InterruptedException {
    Map<String, MilterLoad> all = new LinkedHashMap<>(ours);
    AtomicLong ids = new AtomicLong();
    List<ForeignMilter> started = new ArrayList<>();
    try {
      if (isThere(settings, "a bare libmilter program", ForeignMilter.bareUnavailable())) {
        started.add(ForeignMilter.bare(directory));
        all.put("a bare libmilter program", new MilterLoad(started.get(0).address(), ids));
      }
      if (isThere(settings, "OpenDKIM", ForeignMilter.openDkimUnavailable())) {
        ForeignMilter openDkim = ForeignMilter.openDkim(directory);
        started.add(openDkim);
        settings.print(
            "  OpenDKIM that only signs accepts foreign mail behind its headers: it sees no body, and"
                + " waits for nothing at the end; no like for like, only a bound");
        all.put(
            "OpenDKIM, no verifying (accepts behind the headers)",
            new MilterLoad(openDkim.address(), ids));
      }
      for (int connections : CONNECTIONS) {
        new MilterNeighbours(settings, all).compare(connections);
      }
    } finally {
      started.forEach(ForeignMilter::close);
    }
  }

  private static boolean isThere(
      BenchmarkSettings settings, String what, Optional<String> unavailable) {
    unavailable.ifPresent(why -> settings.print("  %s is left out: %s".formatted(what, why)));
    return unavailable.isEmpty();
  }

  private void compare(int connections) throws IOException, InterruptedException {
    settings.printMachine();
    settings.print("  %d connections, each held to the first".formatted(connections));
    Map<String, List<Times>> waited = new LinkedHashMap<>();
    List<Turns.SetUp> setUps = new ArrayList<>();
    milters.forEach(
        (name, load) -> {
          waited.put(name, new ArrayList<>());
          setUps.add(
              new Turns.SetUp(
                  name, () -> rate(load, connections, settings.time(), waited.get(name))));
        });
    Turns.print(settings, Turns.run(1, settings.rounds(), setUps));
    waited.forEach(
        (name, times) -> {
          // The first is the warm-up's.
          Times all = Times.of(times.subList(1, times.size()));
          settings.print(
              "    %-52s end of message: p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms"
                  .formatted(name, all.percentile(50), all.percentile(99), all.percentile(99.9)));
        });
  }

  private static double rate(MilterLoad load, int connections, Duration time, List<Times> waited)
      throws IOException, InterruptedException {
    MilterLoad.Result result = load.run(connections, time);
    waited.add(result.waited());
    return result.perSecond();
  }
}
