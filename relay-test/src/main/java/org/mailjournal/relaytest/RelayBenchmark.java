package org.mailjournal.relaytest;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;

/** The relay on the way out, without an MTA in front of it, and what memory it takes. */
final class RelayBenchmark implements Benchmark {
  private static final double PER_SECOND = 3000;
  private static final double ADDED_MILLIS = 2;
  private static final int CONNECTIONS = 20;
  private static final long BIG = 100_000_000;
  private static final int IDLE = 1000;
  private static final double IDLE_MEBIBYTES = 64;

  @Override
  public String name() {
    return "relay";
  }

  @Override
  public void run(BenchmarkSettings settings) throws IOException, InterruptedException {
    Optional<String> unavailable = SmtpSource.unavailable();
    if (unavailable.isPresent()) {
      settings.print("  left out: " + unavailable.get());
      return;
    }
    Path directory = settings.makeDirectory();
    InetSocketAddress sinkAt = Loopback.ipv4(Loopback.freePort());
    InetSocketAddress relayAt = Loopback.ipv4(Loopback.freePort());
    int milter = Loopback.freePort();
    Process sink = SmtpSource.sink(sinkAt.getPort());
    try (Daemon daemon = daemon(directory, milter, relayAt.getPort(), sinkAt.getPort())) {
      awaitAnswer(sinkAt);
      awaitAnswer(relayAt);
      Alone alone = new Alone(settings, new RelayLoad(sinkAt), new RelayLoad(relayAt));
      settings.printMachine();
      alone.rate();
      alone.latency();
      new Memory(settings, daemon, new RelayLoad(relayAt)).run();
    } finally {
      sink.destroy();
      sink.waitFor();
      Trees.remove(directory);
    }
  }

  private static Daemon daemon(Path directory, int milter, int relay, int sink) {
    return Daemon.start(
        new Daemon.Setup(
            Program.built(),
            directory.resolve("journal"),
            directory.resolve("daemon.log"),
            Optional.empty(),
            "inet:" + milter + "@127.0.0.1",
            Optional.empty(),
            relayTo(relay, sink)));
  }

  /** The lines of a configuration that switch the relay on, with the sink for every domain. */
  static List<String> relayTo(int relay, int sink) {
    return List.of(
        "egress.listen = \"inet:" + relay + "@127.0.0.1\"",
        "egress.mta-names = [ \"%s\", \"%s\" ]".formatted(SendmailSetup.HOST_NAME, RelayLoad.MTA),
        "egress.routes = [ { domain = \"*\", to = \"[127.0.0.1]:" + sink + "\" } ]");
  }

  private static void awaitAnswer(InetSocketAddress address) {
    Awaitility.await(address + " answers")
        .atMost(Duration.ofSeconds(60))
        .until(() -> Loopback.answers(address));
  }

  /** The relay without an MTA in front of it, against the sink alone. */
  private record Alone(BenchmarkSettings settings, RelayLoad straight, RelayLoad relay) {
    private void rate() throws IOException, InterruptedException {
      relay.run(CONNECTIONS, settings.time());
      List<Double> rates = new ArrayList<>();
      for (int i = 0; i < settings.rounds(); i++) {
        rates.add(relay.run(CONNECTIONS, settings.time()).perSecond());
      }
      double rate = Figures.median(rates);
      settings.print(
          "  %d connections, 4 kB: %.0f messages/s (target %.0f: %s)"
              .formatted(CONNECTIONS, rate, PER_SECOND, rate >= PER_SECOND ? "reached" : "MISSED"));
    }

    private void latency() throws IOException, InterruptedException {
      straight.run(1, settings.time().dividedBy(2));
      List<Double> added = new ArrayList<>();
      for (int i = 0; i < settings.rounds(); i++) {
        double without = straight.run(1, settings.time()).took().percentile(50);
        added.add(relay.run(1, settings.time()).took().percentile(50) - without);
      }
      settings.printLimit(
          "1 connection, added to a message, p50", Figures.median(added), ADDED_MILLIS, "ms");
    }
  }

  /** What a large message and many idle connections take. */
  private record Memory(BenchmarkSettings settings, Daemon daemon, RelayLoad relay) {
    private void run() throws IOException {
      ProcessMemory memory = new ProcessMemory(daemon.pid());
      long before = System.nanoTime();
      relay.big(BIG);
      settings.print(
          "  100 MB in one message: passed in %.1f s, heap limited to 256 MiB, at most %d MiB resident"
              .formatted((System.nanoTime() - before) / 1e9, memory.kibibytes("VmHWM:") / 1024));
      long quiet = memory.kibibytes("VmRSS:");
      List<Closeable> idle = new ArrayList<>();
      try {
        for (int i = 0; i < IDLE; i++) {
          idle.add(relay.idle());
        }
        settings.printLimit(
            IDLE + " idle connections, resident",
            (memory.kibibytes("VmRSS:") - quiet) / 1024.0,
            IDLE_MEBIBYTES,
            "MiB more");
      } finally {
        for (Closeable connection : idle) {
          connection.close();
        }
      }
    }
  }
}
