package org.mailjournal.relaytest;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.mailjournal.journal.Status;

/** Sendmail without us, with the milter only, and with milter and relay, run in turn. */
final class SendmailBenchmark implements Benchmark {
  private static final double SHARE = 0.9;
  private static final int MESSAGES = 100;
  private static final int WARM_UPS = 1;

  /** Several messages on a connection, as between servers. */
  private static final SmtpSource SOURCE = new SmtpSource(5, MESSAGES, List.of("-d"));

  @Override
  public String name() {
    return "sendmail";
  }

  @Override
  public void run(BenchmarkSettings settings) throws IOException, InterruptedException {
    Optional<String> unavailable =
        Stream.of(RealSendmail.unavailable(), SmtpSource.unavailable())
            .flatMap(Optional::stream)
            .findFirst();
    if (unavailable.isPresent()) {
      settings.print("  left out: %s".formatted(unavailable.get()));
      return;
    }
    Path directory = settings.makeDirectory();
    int sinkPort = Loopback.freePort();
    int relay = Loopback.freePort();
    int milter = Loopback.freePort();
    Process sink = SmtpSource.sink(sinkPort);
    try (Daemon daemon = daemon(directory, milter, relay, sinkPort)) {
      Awaitility.await("the relay answers")
          .atMost(Duration.ofSeconds(60))
          .until(() -> Loopback.answers(Loopback.ipv4(relay)));
      // Straight to the sink by sendmail's own means: all the same but what is compared.
      try (RealSendmail plain = new SendmailSetup().lines(toSink(sinkPort)).start();
          RealSendmail straight = new SendmailSetup().journal(milter, sinkPort).start();
          RealSendmail ours = new SendmailSetup().journal(milter, relay).start()) {
        compare(
            settings,
            daemon,
            List.of(
                setUp("alone", plain),
                setUp("with the milter only", straight),
                setUp("with everything", ours)));
      }
    } finally {
      sink.destroy();
      sink.waitFor();
      Trees.remove(directory);
    }
  }

  private static List<String> toSink(int port) {
    return Stream.of("SMTP", "ESMTP", "SMTP8", "DSMTP", "RELAY")
        .map(mailer -> "define(`%s_MAILER_ARGS', `TCP [127.0.0.1] %d')dnl".formatted(mailer, port))
        .toList();
  }

  private static Turns.SetUp setUp(String name, RealSendmail sendmail) {
    return new Turns.SetUp(
        name,
        () ->
            SOURCE.perSecond(
                sendmail.smtp(), "alice@local.test", () -> sendmail.queue().isEmpty()));
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
            RelayBenchmark.relayTo(relay, sink)));
  }

  private static void compare(BenchmarkSettings settings, Daemon daemon, List<Turns.SetUp> setUps)
      throws IOException, InterruptedException {
    settings.printMachine();
    Instant start = Instant.now();
    List<Turns.Row> rows = Turns.run(WARM_UPS, settings.rounds(), setUps);
    settings.printRatio(
        "sendmail through the relay, of the same with the milter only",
        rows.get(2).ratio(rows.get(1)),
        SHARE);
    Turns.print(settings, rows);
    long sent = (settings.rounds() + (long) WARM_UPS) * MESSAGES;
    PostfixBenchmark.requireAll(daemon, Status.RELAYED, start, sent);
    PostfixBenchmark.requireAll(daemon, Status.QUEUED, start, sent);
  }
}
