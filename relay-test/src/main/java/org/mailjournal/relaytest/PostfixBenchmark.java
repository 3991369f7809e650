package org.mailjournal.relaytest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.Statistics;
import org.mailjournal.journal.Status;
import org.mailjournal.store.Settings;
import org.mailjournal.store.SqliteJournal;

/**
 * Postfix without us, and with one part of us after the other up to everything, each a Postfix of
 * its own, run in turn.
 */
final class PostfixBenchmark implements Benchmark {
  private static final double SHARE = 0.85;
  private static final int MESSAGES = 1000;

  /**
   * Java compiles what is often used only after it was used: a daemon that runs for days is warm.
   */
  private static final int WARM_UPS = 10;

  private static final String SENDER = "alice@local.test";

  /** Nobody is told of a success of his, so that the trace pass ends with the file's removal. */
  private static final String NOBODY = "";

  private static final SmtpSource SOURCE = new SmtpSource(20, MESSAGES, List.of());

  @Override
  public String name() {
    return "postfix";
  }

  @Override
  public void run(BenchmarkSettings settings) throws IOException, InterruptedException {
    Optional<String> unavailable = RealPostfix.unavailable();
    if (unavailable.isPresent()) {
      settings.print("  left out: %s".formatted(unavailable.get()));
      return;
    }
    Path directory = settings.makeDirectory();
    int port = Loopback.freePort();
    int alonePort = Loopback.freePort();
    int sinkPort = Loopback.freePort();
    Process sink = SmtpSource.sink(sinkPort);
    try (RealPostfix plain = postfix(sinkPort).start();
        RealPostfix marked = marked(sinkPort).start();
        RealPostfix milter = behind(postfix(sinkPort), alonePort).start();
        RealPostfix ours = postfix(sinkPort).journal("inet:127.0.0.1:" + port).start();
        Daemon alone = daemon(directory.resolve("milter"), alonePort, Optional.empty());
        Daemon daemon =
            daemon(directory.resolve("all"), port, Optional.of(ours.queueDirectory()))) {
      List<Turns.SetUp> setUps = new ArrayList<>();
      setUps.add(setUp("alone", plain, SENDER));
      setUps.add(setUp("marked, with Postfix's own trace service", marked, NOBODY));
      setUps.add(setUp("with our milter only", milter, SENDER));
      setUps.add(setUp("with everything", ours, SENDER));
      withBareMilter(settings, directory, sinkPort, setUps, new Ours(alone, daemon));
    } finally {
      sink.destroy();
      sink.waitFor();
      Trees.remove(directory);
    }
  }

  /** The two daemons: of the milter only, and of everything. */
  private record Ours(Daemon alone, Daemon all) {}

  private static void withBareMilter(
      BenchmarkSettings settings, Path directory, int sink, List<Turns.SetUp> setUps, Ours daemons)
      throws IOException, InterruptedException {
    Optional<String> unavailable = ForeignMilter.bareUnavailable();
    if (unavailable.isPresent()) {
      settings.print("  a bare libmilter program is left out: %s".formatted(unavailable.get()));
      compare(settings, setUps, daemons);
      return;
    }
    try (ForeignMilter bare = ForeignMilter.bare(directory);
        RealPostfix other = behind(postfix(sink), bare.address().getPort()).start();
        RealPostfix least = behind(marked(sink), bare.address().getPort()).start()) {
      setUps.add(1, setUp("with a bare libmilter program", other, SENDER));
      setUps.add(2, setUp("the same, marked, with Postfix's own trace service", least, NOBODY));
      compare(settings, setUps, daemons);
    }
  }

  private static Turns.SetUp setUp(String name, RealPostfix postfix, String sender) {
    return new Turns.SetUp(
        name,
        () -> SOURCE.perSecond(postfix.smtp(), sender, () -> isEmpty(postfix.queueDirectory())));
  }

  private static PostfixSetup postfix(int sinkPort) {
    return new PostfixSetup().route("sink.test", sinkPort);
  }

  private static PostfixSetup behind(PostfixSetup setup, int milter) {
    return setup.main("smtpd_milters", "inet:127.0.0.1:" + milter);
  }

  private static PostfixSetup marked(int sinkPort) {
    return postfix(sinkPort)
        .main(
            "smtpd_command_filter",
            "regexp:" + Repository.file("etc/postfix/mailjournal_rcpt.regexp"))
        .main("smtp_discard_ehlo_keywords", "dsn");
  }

  private static Daemon daemon(Path directory, int port, Optional<Path> queue) {
    return Daemon.start(
        new Daemon.Setup(
            Program.built().readableFrom(directory.resolveSibling("program")),
            directory.resolve("journal"),
            directory.resolve("daemon.log"),
            Optional.of("postfix"),
            "inet:" + port + "@127.0.0.1",
            queue,
            List.of()));
  }

  private static void compare(BenchmarkSettings settings, List<Turns.SetUp> setUps, Ours daemons)
      throws IOException, InterruptedException {
    settings.printMachine();
    Instant start = Instant.now();
    Duration busy = daemons.all().processorTime();
    List<Turns.Row> rows = Turns.run(WARM_UPS, settings.rounds(), setUps);
    long sent = (settings.rounds() + (long) WARM_UPS) * MESSAGES;
    Turns.Row everything = rows.get(rows.size() - 1);
    settings.printRatio("Postfix with everything on", everything.ratio(rows.get(0)), SHARE);
    Turns.print(settings, rows);
    settings.print(
        "    the daemon's processor time for a message, warm-ups included: %.2f ms"
            .formatted(daemons.all().processorTime().minus(busy).toNanos() / 1e6 / sent));
    requireAll(daemons.alone(), Status.QUEUED, start, sent);
    requireAll(daemons.all(), Status.RELAYED, start, sent);
  }

  /** A run that was fast because something was not journalled would prove nothing. */
  static void requireAll(Daemon daemon, Status status, Instant since, long sent)
      throws IOException {
    Path file = daemon.configuration().resolveSibling("journal.db");
    try (JournalReader journal = SqliteJournal.openReadOnly(Settings.of("jdbc:sqlite:" + file))) {
      Statistics found = journal.statistics(since);
      if (found.recipients().getOrDefault(status, 0L) != sent) {
        throw new IOException("of " + sent + " messages the journal has: " + found.recipients());
      }
    }
  }

  /** In the order in which a message goes through them, so that none is missed on its way. */
  private static boolean isEmpty(Path queue) throws IOException {
    for (String name : List.of("incoming", "active", "deferred")) {
      try (Stream<Path> files = Files.walk(queue.resolve(name))) {
        if (files.anyMatch(Files::isRegularFile)) {
          return false;
        }
      } catch (UncheckedIOException e) {
        if (e.getCause() instanceof NoSuchFileException) {
          // It moved on while we looked.
          return false;
        }
        throw e;
      }
    }
    return true;
  }
}
