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
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * The daemon's milter with its journal on disk against the same milter without one, both in
 * processes of their own with the daemon's heap.
 */
final class MilterBenchmark implements Benchmark {
  private static final int[] CONNECTIONS = {1, 50, 300};
  private static final double SHARE = 0.8;
  private static final double PER_SECOND = 2000;
  private static final double ADDED_MILLIS = 5;

  @Override
  public String name() {
    return "milter";
  }

  @Override
  public void run(BenchmarkSettings settings) throws IOException, InterruptedException {
    Path directory = settings.makeDirectory();
    InetSocketAddress silentAt = Loopback.ipv4(Loopback.freePort());
    Process silent = SilentMilter.start(silentAt.getPort());
    try (Daemon daemon = daemon(directory)) {
      ForeignMilter.awaitListening(silentAt);
      AtomicLong ids = new AtomicLong();
      Side without =
          new Side(
              new MilterLoad(silentAt, ids),
              () -> silent.info().totalCpuDuration().orElse(Duration.ZERO));
      Side with = new Side(new MilterLoad(daemon.address(), ids), daemon::processorTime);
      for (int connections : CONNECTIONS) {
        new Comparison(settings, connections, without, with).run();
      }
      Map<String, MilterLoad> ours = new LinkedHashMap<>();
      ours.put("our milter without a journal", without.load());
      ours.put("our milter with its journal", with.load());
      MilterNeighbours.run(settings, directory, ours);
      settings.print("  the daemon's memory behind all that: %s".formatted(memory(daemon.pid())));
    } finally {
      silent.destroy();
      silent.waitFor();
      Trees.remove(directory);
    }
  }

  static Daemon daemon(Path directory) {
    return Daemon.start(
        new Daemon.Setup(
            Program.built(),
            directory.resolve("journal"),
            directory.resolve("daemon.log"),
            Optional.empty(),
            "inet:" + Loopback.freePort() + "@127.0.0.1",
            Optional.empty(),
            // The connection that found it listening may not be gone yet.
            List.of("milter.max-connections = 1100")));
  }

  /** The largest resident set, and what of the heap is in use behind a collection. */
  private static String memory(long pid) throws IOException {
    String resident =
        Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
            .filter(line -> line.startsWith("VmHWM:"))
            .map(line -> line.substring("VmHWM:".length()).strip())
            .findFirst()
            .orElse("unknown");
    return "at most " + resident + " resident, heap limited to 256 MiB";
  }

  /** A milter under load, and how long its process has kept processors busy. */
  record Side(MilterLoad load, Supplier<Duration> busy) {
    /** The same with messages of about so many octets. */
    Side ofSize(int octets) {
      return new Side(load.ofSize(octets), busy);
    }

    Run run(int connections, Duration time) throws IOException, InterruptedException {
      Duration before = busy.get();
      MilterLoad.Result result = load.run(connections, time);
      double micros = busy.get().minus(before).toNanos() / 1e3;
      return new Run(result.perSecond(), result.waited(), micros / result.waited().count());
    }
  }

  /**
   * What came of it.
   *
   * @param busyMicros processor time for a message
   */
  record Run(double perSecond, Times waited, double busyMicros) {}

  /** The two in turn at one number of connections. */
  private record Comparison(BenchmarkSettings settings, int connections, Side without, Side with) {
    private void run() throws IOException, InterruptedException {
      settings.printMachine();
      without.run(connections, settings.time().dividedBy(2));
      with.run(connections, settings.time().dividedBy(2));
      List<Run> silent = new ArrayList<>();
      List<Run> journalled = new ArrayList<>();
      List<Double> ratios = new ArrayList<>();
      for (int i = 0; i < settings.rounds(); i++) {
        silent.add(without.run(connections, settings.time()));
        journalled.add(with.run(connections, settings.time()));
        ratios.add(journalled.get(i).perSecond() / silent.get(i).perSecond());
      }
      report(silent, journalled, Figures.median(ratios));
    }

    private void report(List<Run> silent, List<Run> journalled, double ratio) {
      String at = connections == 1 ? "1 connection" : connections + " connections";
      settings.printRatio(at + ", with the journal", ratio, SHARE);
      double rate = rate(journalled);
      settings.print(
          "    %.0f of %.0f messages/s (target %.0f: %s)"
              .formatted(
                  rate, rate(silent), PER_SECOND, rate >= PER_SECOND ? "reached" : "MISSED"));
      settings.print(
          "    waiting at the end of a message: p50 %.2f ms (without %.2f), p99 %.2f ms (%.2f)"
              .formatted(
                  waited(journalled, 50),
                  waited(silent, 50),
                  waited(journalled, 99),
                  waited(silent, 99)));
      settings.print(
          "    processor time of the process for a message: %.0f us (without %.0f)"
              .formatted(busy(journalled), busy(silent)));
      settings.printLimit(
          "  added at the end of a message, p99",
          waited(journalled, 99) - waited(silent, 99),
          ADDED_MILLIS,
          "ms");
    }

    private static double rate(List<Run> results) {
      return Figures.median(results.stream().map(Run::perSecond).toList());
    }

    private static double busy(List<Run> results) {
      return Figures.median(results.stream().map(Run::busyMicros).toList());
    }

    private static double waited(List<Run> results, double percent) {
      return Figures.median(results.stream().map(r -> r.waited().percentile(percent)).toList());
    }
  }
}
