package org.mailjournal.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.Query;

/**
 * Measures the store by itself; run by hand with a directory on a real disk and a number of
 * messages. Prints what it takes to record from 50 threads, bytes per message, and look-ups.
 */
final class StoreBenchmark {
  private static final int THREADS = 50;
  private static final int LOOKUPS = 1000;
  private static final Duration APART = Duration.ofMillis(20);

  private final Path file;
  private final int messages;

  private StoreBenchmark(Path file, int messages) {
    this.file = file;
    this.messages = messages;
  }

  /** Its arguments are a directory and a number of messages. */
  public static void main(String[] arguments) throws Exception {
    Path file = Path.of(arguments[0], "journal.db");
    new StoreBenchmark(file, Integer.parseInt(arguments[1])).run();
  }

  private void run() throws Exception {
    try (SqliteJournal journal = SqliteJournal.open(Settings.of("jdbc:sqlite:" + file))) {
      int measured = Math.min(messages, 50_000);
      fill(journal, measured);
      recordConcurrently(journal, measured);
    }
    System.out.printf("%d bytes per message%n", Files.size(file) / messages);
    try (SqliteJournal journal = SqliteJournal.open(Settings.of("jdbc:sqlite:" + file))) {
      lookUp(journal);
    }
  }

  private static Event.Received mail(int number) {
    return Mails.realistic(number, Mails.NOON.plus(APART.multipliedBy(number)));
  }

  private void fill(SqliteJournal journal, int spared) throws Exception {
    Instant start = Instant.now();
    List<CompletableFuture<Integer>> futures = new ArrayList<>();
    List<Event> events = new ArrayList<>();
    for (int i = spared; i < messages; i++) {
      Event.Received mail = mail(i);
      events.add(mail);
      events.add(Mails.realisticOutcome(mail, i));
      if (events.size() == 1000 || i == messages - 1) {
        futures.add(journal.record(events));
        events = new ArrayList<>();
      }
      if (futures.size() == 8) {
        for (CompletableFuture<Integer> future : futures) {
          future.get();
        }
        futures.clear();
      }
      if (i % 1_000_000 == 0) {
        System.out.printf("%d messages after %s%n", i, Duration.between(start, Instant.now()));
      }
    }
    for (CompletableFuture<Integer> future : futures) {
      future.get();
    }
  }

  private void recordConcurrently(SqliteJournal journal, int count) throws Exception {
    AtomicInteger next = new AtomicInteger();
    long[] nanoseconds = new long[count];
    List<Thread> threads = new ArrayList<>();
    Instant start = Instant.now();
    for (int i = 0; i < THREADS; i++) {
      Thread thread =
          new Thread(
              () -> {
                for (int n = next.getAndIncrement(); n < count; n = next.getAndIncrement()) {
                  Event.Received mail = mail(n);
                  long before = System.nanoTime();
                  journal.record(List.of(mail)).join();
                  nanoseconds[n] = System.nanoTime() - before;
                  journal.record(List.of(Mails.realisticOutcome(mail, n))).join();
                }
              });
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    double seconds = Duration.between(start, Instant.now()).toNanos() / 1e9;
    System.out.printf("%.0f messages/s, each received and relayed%n", count / seconds);
    print("received to committed", nanoseconds);
  }

  private void lookUp(SqliteJournal journal) {
    Random random = new Random(1);
    for (String by : List.of("Message-ID", "left part", "queue id", "remote id", "recipient")) {
      long[] nanoseconds = new long[LOOKUPS];
      for (int i = 0; i < LOOKUPS; i++) {
        int number = random.nextInt(messages);
        Event.Received mail = mail(number);
        String text =
            switch (by) {
              case "Message-ID" -> mail.messageId().orElseThrow().text();
              case "left part" -> mail.messageId().orElseThrow().left();
              case "queue id" -> mail.message().queueId().text();
              case "remote id" ->
                  Mails.realisticOutcome(mail, number).remoteQueueId().orElseThrow();
              default -> mail.accepted().get(0).address().text();
            };
        long before = System.nanoTime();
        boolean found = !journal.find(Query.text(text)).isEmpty();
        nanoseconds[i] = System.nanoTime() - before;
        if (!found) {
          throw new AssertionError(by + " " + text + " was not found");
        }
      }
      print("find by " + by, nanoseconds);
    }
    long before = System.nanoTime();
    Instant last = mail(messages - 1).at();
    long counted = journal.statistics(last.minus(Duration.ofHours(1))).messages();
    System.out.printf(
        "statistics of %d messages: %.0f ms%n", counted, (System.nanoTime() - before) / 1e6);
  }

  private static void print(String what, long[] nanoseconds) {
    Arrays.sort(nanoseconds);
    System.out.printf(
        "%s: p50 %.2f ms, p99 %.2f ms, max %.2f ms%n",
        what,
        nanoseconds[nanoseconds.length / 2] / 1e6,
        nanoseconds[(int) (nanoseconds.length * 0.99)] / 1e6,
        nanoseconds[nanoseconds.length - 1] / 1e6);
  }
}
