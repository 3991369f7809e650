package org.mailjournal.relaytest;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.ReceiptEvent;
import org.mailjournal.journal.RecordedEvent;
import org.mailjournal.store.Settings;
import org.mailjournal.store.SqliteJournal;

/**
 * Receipts: how many are composed and signed, what they cost whoever waits at the end of a message,
 * and how soon the submission server has them.
 */
final class ReceiptBenchmark implements Benchmark {
  private static final double SAME = 1.1;
  private static final double SOON = 0.99;
  private static final Duration SOON_IS = Duration.ofSeconds(2);
  private static final int CONNECTIONS = 50;
  private static final Duration INTERVAL = Duration.ofMillis(500);
  private static final int PAGE = 1_000;

  @Override
  public String name() {
    return "receipt";
  }

  @Override
  public void run(BenchmarkSettings settings) throws IOException, InterruptedException {
    Path directory = settings.makeDirectory();
    try {
      ComposeBenchmark.runApart(settings, directory);
      send(settings, directory);
    } finally {
      Trees.remove(directory);
    }
  }

  private static void send(BenchmarkSettings settings, Path directory)
      throws IOException, InterruptedException {
    Exchanger sink = Exchanger.start("sink.test");
    AtomicLong ids = new AtomicLong();
    try (Daemon on =
            daemon(
                directory.resolve("on"),
                "receipts.give = always",
                "receipts.domains = [ example.net ]",
                "receipts.limit = 1000000",
                "receipts.submit = \"127.0.0.1:" + sink.address().getPort() + "\"",
                "internal-relays = [ \"198.51.100.0/24\" ]");
        Daemon off = daemon(directory.resolve("off"))) {
      MilterLoad with = MilterLoad.ofLocalMail(on.address(), ids);
      MilterLoad without = MilterLoad.ofLocalMail(off.address(), ids);
      long receipts = with.run(CONNECTIONS, settings.time(), INTERVAL).waited().count();
      Instant warm = Instant.now();
      without.run(CONNECTIONS, settings.time(), INTERVAL);
      settings.printMachine();
      List<Times> waitedWith = new ArrayList<>();
      List<Times> waitedWithout = new ArrayList<>();
      for (int i = 0; i < settings.rounds(); i++) {
        waitedWithout.add(without.run(CONNECTIONS, settings.time(), INTERVAL).waited());
        waitedWith.add(with.run(CONNECTIONS, settings.time(), INTERVAL).waited());
      }
      long expected = receipts + Times.of(waitedWith).count();
      report(settings, Times.of(waitedWith), Times.of(waitedWithout));
      Awaitility.await("every receipt is sent")
          .atMost(Duration.ofMinutes(2))
          .until(() -> sink.received().size() >= expected);
      delays(settings, directory.resolve("on/journal.db"), warm);
    } finally {
      sink.close();
    }
  }

  private static void report(BenchmarkSettings settings, Times with, Times without) {
    settings.print(
        "  %d connections, together %d messages/s, with a receipt for each and without"
            .formatted(CONNECTIONS, CONNECTIONS * 1000 / INTERVAL.toMillis()));
    settings.print(
        "    waiting at the end of a message: p50 %.2f ms (without %.2f), p99 %.2f ms (%.2f)"
            .formatted(
                with.percentile(50),
                without.percentile(50),
                with.percentile(99),
                without.percentile(99)));
    settings.printLimit(
        "p99 with receipts, of that without",
        with.percentile(99) / without.percentile(99),
        SAME,
        "times");
  }

  /**
   * Those of the first run stand apart, as its waits at the end of a message are left out: until
   * then Java compiled the daemon.
   */
  private static void delays(BenchmarkSettings settings, Path database, Instant warm) {
    Map<MessageKey, Instant> decided = new HashMap<>();
    Delays fresh = new Delays();
    Delays usual = new Delays();
    try (JournalReader reader =
        SqliteJournal.openReadOnly(Settings.of("jdbc:sqlite:" + database))) {
      List<RecordedEvent> page = reader.eventsAfter(0, PAGE);
      while (!page.isEmpty()) {
        for (RecordedEvent recorded : page) {
          if (recorded.event() instanceof Event.Unreported last) {
            decided.put(last.message(), last.at());
          } else if (recorded.event() instanceof ReceiptEvent.Sent sent) {
            Instant news = decided.get(sent.message());
            (news.isBefore(warm) ? fresh : usual).add(Duration.between(news, sent.at()));
          }
        }
        page = reader.eventsAfter(page.get(page.size() - 1).sequence(), PAGE);
      }
    }
    settings.print("    from the last news to the server's 250, the first run of a fresh daemon:");
    settings.print(fresh.words());
    settings.print("    the same, the runs behind it:");
    settings.print(usual.words());
    settings.printRatio("handed in within " + SOON_IS.toSeconds() + " s", usual.soon(), SOON);
  }

  private static final class Delays {
    private final Times times = new Times();
    private int soon;

    void add(Duration delay) {
      times.add(delay.toNanos());
      soon += delay.compareTo(SOON_IS) <= 0 ? 1 : 0;
    }

    double soon() {
      return (double) soon / times.count();
    }

    String words() {
      return "      %d receipts: p50 %.0f ms, p99 %.0f ms; %.1f %% within %d s"
          .formatted(
              times.count(),
              times.percentile(50),
              times.percentile(99),
              100 * soon(),
              SOON_IS.toSeconds());
    }
  }

  private static Daemon daemon(Path directory, String... lines) {
    return Daemon.start(
        new Daemon.Setup(
            Program.built(),
            directory,
            directory.resolveSibling(directory.getFileName() + ".log"),
            Optional.empty(),
            "inet:" + Loopback.freePort() + "@127.0.0.1",
            Optional.empty(),
            List.of(lines)));
  }
}
