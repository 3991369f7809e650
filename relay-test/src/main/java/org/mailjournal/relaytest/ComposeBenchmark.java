package org.mailjournal.relaytest;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Bytes;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.KeptHeader;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.ReceiptEvent;
import org.mailjournal.journal.Source;
import org.mailjournal.receipt.ByHand;
import org.mailjournal.receipt.ReceiptSettings;
import org.mailjournal.receipt.SigningSettings;
import org.mailjournal.receipt.SubmissionSettings;
import org.mailjournal.store.Settings;
import org.mailjournal.store.SqliteJournal;

/** Receipts composed and signed on all cores, in a process with the daemon's heap. */
final class ComposeBenchmark {
  private static final double PER_SECOND = 500;
  private static final int MESSAGES = 500;
  private static final ThreadMXBean PROCESSOR = ManagementFactory.getThreadMXBean();
  private static final String HEADER =
      """
      From: Alice <alice@example.net>
      To: Bob <bob@example.com>
      Subject: The figures for November
      Date: Tue, 24 Nov 2026 05:34:38 +0000
      MIME-Version: 1.0
      Content-Type: text/plain; charset=utf-8
      """
          .replace("\n", "\r\n");

  private ComposeBenchmark() {}

  /** Runs it and lets it print. */
  static void runApart(BenchmarkSettings settings, Path directory)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                "java",
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                ComposeBenchmark.class.getName(),
                directory.toString(),
                "--rounds",
                String.valueOf(settings.rounds()),
                "--seconds",
                String.valueOf(settings.time().toSeconds()))
            .inheritIO()
            .start();
    if (process.waitFor() != 0) {
      throw new IOException("receipts could not be composed, see above");
    }
  }

  /** Only for {@link #runApart}: a directory, then the options of a benchmark. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    List<String> names = new ArrayList<>();
    BenchmarkSettings settings = BenchmarkSettings.of(List.of(arguments), names, System.out);
    measure(settings, Path.of(names.get(0)));
  }

  private static void measure(BenchmarkSettings settings, Path directory)
      throws IOException, InterruptedException {
    Settings store = Settings.of("jdbc:sqlite:" + directory.resolve("composed.db"));
    fill(store);
    try (JournalReader reader = SqliteJournal.openReadOnly(store)) {
      ByHand receipts = new ByHand(receipts(directory), reader, Clock.systemUTC());
      List<MessageState> messages =
          IntStream.range(0, MESSAGES)
              .mapToObj(i -> reader.message(new SampleMail(i).queueId()).orElseThrow())
              .toList();
      int cores = Runtime.getRuntime().availableProcessors();
      compose(receipts, messages, cores, settings.time());
      settings.printMachine();
      List<Composed> rounds = new ArrayList<>();
      for (int i = 0; i < settings.rounds(); i++) {
        rounds.add(compose(receipts, messages, cores, settings.time()));
      }
      double rate = Figures.median(rounds.stream().map(Composed::perSecond).toList());
      settings.print(
          "  %.0f receipts/s read, composed and signed on %d cores (target %.0f: %s)"
              .formatted(rate, cores, PER_SECOND, rate >= PER_SECOND ? "reached" : "MISSED"));
      int octets = receipts.write(messages.get(0), new Address("alice@example.net")).length;
      settings.print(
          "    processor time for one: %.2f ms; %d octets each"
              .formatted(
                  Figures.median(rounds.stream().map(Composed::busyMillis).toList()), octets));
    }
  }

  private static void fill(Settings store) {
    try (SqliteJournal journal = SqliteJournal.open(store)) {
      byte[] header = HEADER.getBytes(StandardCharsets.US_ASCII);
      for (int i = 0; i < MESSAGES; i++) {
        List<Event> events = new ArrayList<>(new SampleMail(i).events());
        MessageKey key = events.get(0).about().orElseThrow();
        Address to = new Address("alice@example.net");
        events.add(new ReceiptEvent.Wanted(events.get(0).at(), Source.MILTER, key, to, "always"));
        journal.record(events, new KeptHeader(key, Bytes.head(header, header.length))).join();
      }
    }
  }

  private static ReceiptSettings receipts(Path directory) {
    return new ReceiptSettings(
        Duration.ofMinutes(15),
        SubmissionSettings.plain("127.0.0.1", 1),
        1,
        new Address("postmaster@example.org"),
        "Receipts",
        Optional.empty(),
        "HEADERS",
        new SigningSettings(
            Optional.empty(),
            Optional.empty(),
            directory.resolve("composed.p12"),
            "mail.example.org",
            Optional.empty()),
        "mail.example.org",
        "1",
        List.of(),
        true,
        false);
  }

  /**
   * What came of one run.
   *
   * @param busyMillis processor time for a receipt: it hardly depends on what else runs
   */
  private record Composed(double perSecond, double busyMillis) {}

  private static Composed compose(
      ByHand receipts, List<MessageState> messages, int threads, Duration time)
      throws IOException, InterruptedException {
    ExecutorService workers = Executors.newFixedThreadPool(threads);
    try {
      AtomicLong next = new AtomicLong();
      AtomicLong busy = new AtomicLong();
      long start = System.nanoTime();
      long end = start + time.toNanos();
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        running.add(
            workers.submit(
                () -> {
                  long before = PROCESSOR.getCurrentThreadCpuTime();
                  while (System.nanoTime() < end) {
                    int number = (int) (next.getAndIncrement() % messages.size());
                    MessageState message = messages.get(number);
                    receipts.write(message, message.sender());
                  }
                  busy.addAndGet(PROCESSOR.getCurrentThreadCpuTime() - before);
                }));
      }
      for (Future<?> one : running) {
        one.get();
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      return new Composed(next.get() / seconds, busy.get() / 1e6 / next.get());
    } catch (ExecutionException e) {
      throw new IOException("a receipt could not be made", e.getCause());
    } finally {
      workers.shutdownNow();
    }
  }
}
