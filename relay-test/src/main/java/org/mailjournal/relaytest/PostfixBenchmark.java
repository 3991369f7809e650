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
import org.awaitility.Awaitility;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.Statistics;
import org.mailjournal.journal.Status;
import org.mailjournal.store.Settings;
import org.mailjournal.store.SqliteJournal;

/**
 * Postfix with milter, mark and pass tap against a Postfix of its own without us: mail of Postfix's
 * smtp-source through it to Postfix's smtp-sink, from the first message until the queue is empty.
 */
final class PostfixBenchmark implements Benchmark {
  private static final double SHARE = 0.75;
  private static final int MESSAGES = 1000;

  /**
   * Java compiles what is often used only after it was used: a daemon that runs for days is warm.
   */
  private static final int WARM_UPS = 3;

  private static final int SESSIONS = 20;
  private static final int LENGTH = 4096;
  private static final Duration PATIENCE = Duration.ofMinutes(5);

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
    int sinkPort = Loopback.freePort();
    Process sink = sink(sinkPort);
    try (RealPostfix plain = postfix(sinkPort).start();
        RealPostfix ours = postfix(sinkPort).journal("inet:127.0.0.1:" + port).start();
        Daemon daemon = daemon(directory, port, ours.queueDirectory())) {
      compare(settings, plain, ours, daemon);
    } finally {
      sink.destroy();
      sink.waitFor();
      Trees.remove(directory);
    }
  }

  private static PostfixSetup postfix(int sinkPort) {
    return new PostfixSetup().route("sink.test", sinkPort);
  }

  private static Process sink(int port) throws IOException {
    // As root it wants a user to become.
    return new ProcessBuilder(
            "/usr/sbin/smtp-sink", "-u", "nobody", "127.0.0.1:" + port, "" + SESSIONS * 10)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static Daemon daemon(Path directory, int port, Path queue) {
    return Daemon.start(
        new Daemon.Setup(
            Program.built().readableFrom(directory.resolve("program")),
            directory.resolve("journal"),
            directory.resolve("daemon.log"),
            Optional.of("postfix"),
            "inet:" + port + "@127.0.0.1",
            Optional.of(queue),
            List.of()));
  }

  private static void compare(
      BenchmarkSettings settings, RealPostfix plain, RealPostfix ours, Daemon daemon)
      throws IOException {
    settings.printMachine();
    Instant start = Instant.now();
    for (int i = 0; i < WARM_UPS; i++) {
      perSecond(plain);
      perSecond(ours);
    }
    List<Double> without = new ArrayList<>();
    List<Double> with = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    Duration busy = daemon.processorTime();
    for (int i = 0; i < settings.rounds(); i++) {
      without.add(perSecond(plain));
      with.add(perSecond(ours));
      ratios.add(with.get(i) / without.get(i));
    }
    settings.printRatio("Postfix with everything on", Figures.median(ratios), SHARE);
    settings.print(
        "    %.0f of %.0f messages/s, ratios %s"
            .formatted(
                Figures.median(with),
                Figures.median(without),
                ratios.stream().map(ratio -> "%.2f".formatted(ratio)).toList()));
    settings.print(
        "    the daemon's processor time for a message: %.2f ms"
            .formatted(
                daemon.processorTime().minus(busy).toNanos()
                    / 1e6
                    / (settings.rounds() * MESSAGES)));
    requireAll(daemon, start, (settings.rounds() + (long) WARM_UPS) * MESSAGES);
  }

  /** A run that was fast because something was not journalled would prove nothing. */
  private static void requireAll(Daemon daemon, Instant since, long sent) throws IOException {
    Path file = daemon.configuration().resolveSibling("journal.db");
    try (JournalReader journal = SqliteJournal.openReadOnly(Settings.of("jdbc:sqlite:" + file))) {
      Statistics found = journal.statistics(since);
      if (found.recipients().get(Status.RELAYED) != sent) {
        throw new IOException("of " + sent + " messages the journal has: " + found.recipients());
      }
    }
  }

  private static double perSecond(RealPostfix postfix) throws IOException {
    long start = System.nanoTime();
    Command.run(
            "/usr/sbin/smtp-source",
            "-s",
            "" + SESSIONS,
            "-m",
            "" + MESSAGES,
            "-l",
            "" + LENGTH,
            "-f",
            "alice@local.test",
            "-t",
            "bob@sink.test",
            "127.0.0.1:" + postfix.smtp().getPort())
        .orThrow();
    Awaitility.await("the queue is empty")
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> isEmpty(postfix.queueDirectory()));
    return MESSAGES * 1e9 / (System.nanoTime() - start);
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
