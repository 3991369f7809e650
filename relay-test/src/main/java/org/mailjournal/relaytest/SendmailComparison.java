package org.mailjournal.relaytest;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.Statistics;
import org.mailjournal.journal.Status;
import org.mailjournal.store.Settings;
import org.mailjournal.store.SqliteJournal;

/**
 * Two sendmails in turn, both with the milter: mail of Postfix's smtp-source through them, from the
 * first message until the queue is empty.
 *
 * @param straight sends to the sink
 * @param ours sends to the relay, and that to the same sink
 */
record SendmailComparison(
    BenchmarkSettings settings, Daemon daemon, RealSendmail straight, RealSendmail ours) {
  private static final double SHARE = 0.9;
  private static final int MESSAGES = 100;
  private static final int SESSIONS = 5;
  private static final int WARM_UPS = 1;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  void run() throws IOException {
    settings.printMachine();
    Instant start = Instant.now();
    for (int i = 0; i < WARM_UPS; i++) {
      perSecond(straight);
      perSecond(ours);
    }
    List<Double> without = new ArrayList<>();
    List<Double> with = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < settings.rounds(); i++) {
      without.add(perSecond(straight));
      with.add(perSecond(ours));
      ratios.add(with.get(i) / without.get(i));
    }
    settings.printRatio("sendmail through the relay", Figures.median(ratios), SHARE);
    settings.print(
        "    %.0f of %.0f messages/s, ratios %s"
            .formatted(
                Figures.median(with),
                Figures.median(without),
                ratios.stream().map(ratio -> "%.2f".formatted(ratio)).toList()));
    requireAll(start, (settings.rounds() + (long) WARM_UPS) * MESSAGES);
  }

  /** A run that was fast because something was not journalled would prove nothing. */
  private void requireAll(Instant since, long sent) throws IOException {
    String file = daemon.configuration().resolveSibling("journal.db").toString();
    try (JournalReader journal = SqliteJournal.openReadOnly(Settings.of("jdbc:sqlite:" + file))) {
      Statistics found = journal.statistics(since);
      if (found.recipients().get(Status.RELAYED) != sent) {
        throw new IOException("of " + sent + " messages the journal has: " + found.recipients());
      }
    }
  }

  private static double perSecond(RealSendmail sendmail) {
    long start = System.nanoTime();
    Command.run(
            "/usr/sbin/smtp-source",
            // Several messages on a connection, as between servers.
            "-d",
            "-s",
            "" + SESSIONS,
            "-m",
            "" + MESSAGES,
            "-l",
            "4096",
            "-f",
            "alice@local.test",
            "-t",
            "bob@sink.test",
            "127.0.0.1:" + sendmail.smtp().getPort())
        .orThrow();
    Awaitility.await("the queue is empty")
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> sendmail.queue().isEmpty());
    return MESSAGES * 1e9 / (System.nanoTime() - start);
  }
}
