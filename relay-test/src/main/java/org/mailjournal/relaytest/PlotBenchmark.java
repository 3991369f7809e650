package org.mailjournal.relaytest;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;

/**
 * What a message costs against its size, and against the number of connections, as pictures and as
 * tables: the daemon's milter with its journal, without one, and a bare libmilter program.
 */
final class PlotBenchmark implements Benchmark {
  private static final List<Integer> SIZES = List.of(1_000, 10_000, 100_000, 1_000_000);
  private static final List<Integer> CONNECTIONS = List.of(1, 50, 300, 1000);

  /** At which the size varies. */
  private static final int FEW = 10;

  /** So many times as long as a round, until Java has compiled what it runs. */
  private static final int WARM_UP = 5;

  @Override
  public String name() {
    return "plot";
  }

  @Override
  public void run(BenchmarkSettings settings) throws IOException, InterruptedException {
    Path directory = settings.makeDirectory();
    InetSocketAddress silentAt = Loopback.ipv4(Loopback.freePort());
    Process silent = SilentMilter.start(silentAt.getPort());
    List<ForeignMilter> bare = new ArrayList<>();
    try (Daemon daemon = MilterBenchmark.daemon(directory)) {
      ForeignMilter.awaitListening(silentAt);
      AtomicLong ids = new AtomicLong();
      Map<String, MilterBenchmark.Side> sides = new LinkedHashMap<>();
      sides.put(
          "with its journal",
          new MilterBenchmark.Side(new MilterLoad(daemon.address(), ids), daemon::processorTime));
      sides.put(
          "without a journal",
          new MilterBenchmark.Side(
              new MilterLoad(silentAt, ids),
              () -> silent.info().totalCpuDuration().orElse(Duration.ZERO)));
      if (ForeignMilter.bareUnavailable().isEmpty()) {
        ForeignMilter milter = ForeignMilter.bare(directory);
        bare.add(milter);
        sides.put(
            "a bare libmilter program",
            new MilterBenchmark.Side(new MilterLoad(milter.address(), ids), milter::processorTime));
      }
      draw(settings, sides);
    } finally {
      bare.forEach(ForeignMilter::close);
      silent.destroy();
      silent.waitFor();
      Trees.remove(directory);
    }
  }

  private static void draw(BenchmarkSettings settings, Map<String, MilterBenchmark.Side> sides)
      throws IOException, InterruptedException {
    Path target = Files.createDirectories(Repository.file("relay-test/target").resolve("bench"));
    Sheet size = new Sheet("size", "octets of a message, at " + FEW + " connections", target);
    Sheet connections = new Sheet("connections", "connections, messages of 4 kB", target);
    settings.printMachine();
    for (MilterBenchmark.Side side : sides.values()) {
      side.run(FEW, settings.time().multipliedBy(WARM_UP));
    }
    for (int octets : SIZES) {
      size.measure(settings, octets, sides, FEW, octets);
    }
    size.write(settings);
    settings.printMachine();
    for (int count : CONNECTIONS) {
      connections.measure(settings, count, sides, count, MilterLoad.OCTETS);
    }
    connections.write(settings);
  }

  /**
   * What was measured at one place of the x axis.
   *
   * @param at the place
   */
  record Point(String line, int at, double perSecond, double busyMicros, double p50, double p99) {
    private static final String HEAD =
        "milter\tat\tmessages/s\tprocessor us/message\twaited p50 ms\twaited p99 ms";

    private static Point of(String line, int at, List<MilterBenchmark.Run> runs) {
      return new Point(
          line,
          at,
          median(runs, MilterBenchmark.Run::perSecond),
          median(runs, MilterBenchmark.Run::busyMicros),
          median(runs, run -> run.waited().percentile(50)),
          median(runs, run -> run.waited().percentile(99)));
    }

    private static double median(
        List<MilterBenchmark.Run> runs, ToDoubleFunction<MilterBenchmark.Run> measure) {
      return Figures.median(runs.stream().map(measure::applyAsDouble).toList());
    }

    private String row() {
      return "%s\t%d\t%.0f\t%.1f\t%.3f\t%.3f".formatted(line, at, perSecond, busyMicros, p50, p99);
    }
  }

  /** All points with one x axis. */
  private record Sheet(String name, String axis, Path target, List<Point> points) {
    private Sheet(String name, String axis, Path target) {
      this(name, axis, target, new ArrayList<>());
    }

    private void measure(
        BenchmarkSettings settings,
        int at,
        Map<String, MilterBenchmark.Side> sides,
        int connections,
        int octets)
        throws IOException, InterruptedException {
      Map<String, List<MilterBenchmark.Run>> runs = new LinkedHashMap<>();
      for (int round = -1; round < settings.rounds(); round++) {
        for (Map.Entry<String, MilterBenchmark.Side> side : sides.entrySet()) {
          MilterBenchmark.Run run =
              side.getValue().ofSize(octets).run(connections, settings.time());
          if (round >= 0) {
            runs.computeIfAbsent(side.getKey(), name -> new ArrayList<>()).add(run);
          }
        }
      }
      runs.forEach((line, all) -> points.add(Point.of(line, at, all)));
    }

    private void write(BenchmarkSettings settings) throws IOException {
      List<String> rows = new ArrayList<>(List.of(Point.HEAD));
      points.forEach(point -> rows.add(point.row()));
      Path table = target.resolve("cost-by-" + name + ".tsv");
      Files.write(table, rows);
      rows.forEach(row -> settings.print("    " + row));
      settings.print("  written: " + table);
      picture(settings, "processor", "processor time for a message, us", Point::busyMicros);
      picture(settings, "waiting", "waiting at the end of a message, p99, ms", Point::p99);
    }

    private void picture(
        BenchmarkSettings settings, String kind, String y, ToDoubleFunction<Point> measure)
        throws IOException {
      Map<String, SortedMap<Integer, Double>> lines = new LinkedHashMap<>();
      points.forEach(
          point ->
              lines
                  .computeIfAbsent(point.line(), line -> new TreeMap<>())
                  .put(point.at(), measure.applyAsDouble(point)));
      Path file = target.resolve(kind + "-by-" + name + ".svg");
      new Plot("The milter: " + y, axis, y, lines).write(file);
      settings.print("  written: " + file);
    }
  }
}
