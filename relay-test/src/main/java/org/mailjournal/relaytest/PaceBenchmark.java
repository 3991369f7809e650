package org.mailjournal.relaytest;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How long the MTA waits when it does not send as fast as it can: with both milters at the same
 * rate, a queue in front of the slower one is no part of the answer.
 */
final class PaceBenchmark implements Benchmark {
  private static final int CONNECTIONS = 50;
  private static final Duration INTERVAL = Duration.ofMillis(50);
  private static final double ADDED_MILLIS = 2;

  @Override
  public String name() {
    return "pace";
  }

  @Override
  public void run(BenchmarkSettings settings) throws IOException, InterruptedException {
    Path directory = settings.makeDirectory();
    InetSocketAddress silentAt = Loopback.ipv4(Loopback.freePort());
    Process silent = SilentMilter.start(silentAt.getPort());
    try (Daemon daemon = MilterBenchmark.daemon(directory)) {
      ForeignMilter.awaitListening(silentAt);
      AtomicLong ids = new AtomicLong();
      measure(settings, new MilterLoad(silentAt, ids), new MilterLoad(daemon.address(), ids));
    } finally {
      silent.destroy();
      silent.waitFor();
      Trees.remove(directory);
    }
  }

  private static void measure(BenchmarkSettings settings, MilterLoad without, MilterLoad with)
      throws IOException, InterruptedException {
    settings.printMachine();
    // Until the compiler has seen enough of it.
    without.run(CONNECTIONS, settings.time(), INTERVAL);
    with.run(CONNECTIONS, settings.time().multipliedBy(2), INTERVAL);
    List<Times> silent = new ArrayList<>();
    List<Times> journalled = new ArrayList<>();
    for (int i = 0; i < settings.rounds(); i++) {
      silent.add(without.run(CONNECTIONS, settings.time(), INTERVAL).waited());
      journalled.add(with.run(CONNECTIONS, settings.time(), INTERVAL).waited());
    }
    report(settings, Times.of(silent), Times.of(journalled));
  }

  private static void report(BenchmarkSettings settings, Times silent, Times journalled) {
    settings.print(
        "  %d connections, together %d messages/s: %d journalled, %d without"
            .formatted(
                CONNECTIONS,
                CONNECTIONS * 1000 / INTERVAL.toMillis(),
                journalled.count(),
                silent.count()));
    for (double percent : new double[] {50, 95, 98, 99, 99.9}) {
      settings.print(
          "    waiting at the end of a message: p%s %.2f ms (without %.2f)"
              .formatted(percent, journalled.percentile(percent), silent.percentile(percent)));
    }
    settings.printLimit(
        "  added at the end of a message, p99",
        journalled.percentile(99) - silent.percentile(99),
        ADDED_MILLIS,
        "ms");
  }
}
