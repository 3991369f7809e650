package org.mailjournal.relaytest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.store.SqliteJournal;

/** Waits until nothing is on its way any more. */
final class TortureRest {
  private static final Duration DRAIN = Duration.ofMinutes(3);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** A server that refused often is asked at growing intervals, and a lost one is sent again. */
  private static final Duration RECEIPTS = Duration.ofMinutes(6);

  private final TortureWorld world;
  private final List<String> problems = new ArrayList<>();
  private final List<String> doubled = new ArrayList<>();
  private List<JournalEntry> entries = List.of();

  private TortureRest(TortureWorld world) {
    this.world = world;
  }

  static TortureRest of(TortureWorld world) {
    TortureRest rest = new TortureRest(world);
    rest.awaitEmptyQueue();
    rest.awaitSettled();
    rest.awaitReceipts();
    // Receipts are mail, too.
    rest.awaitEmptyQueue();
    rest.awaitSettled();
    return rest;
  }

  /** Of the MTA alone. */
  static TortureRest ofQueue(TortureWorld world) {
    TortureRest rest = new TortureRest(world);
    rest.awaitEmptyQueue();
    return rest;
  }

  /** What does not come to rest. */
  List<String> problems() {
    List<String> all = new ArrayList<>(problems);
    all.addAll(doubled);
    return all;
  }

  /** All that the journal knows then. */
  TortureRecords records() {
    return new TortureRecords(entries);
  }

  private void awaitEmptyQueue() {
    try {
      Awaitility.await("an empty queue")
          .atMost(DRAIN)
          .pollInterval(Duration.ofMillis(500))
          .until(
              () -> {
                if (!world.isSendmail()) {
                  world.mta().runQueue();
                }
                return queue().isEmpty();
              });
    } catch (ConditionTimeoutException e) {
      problems.add(
          "the queue does not drain: " + queue() + "\n" + TortureEvidence.processes(world.mta()));
    }
  }

  private List<String> queue() {
    List<String> ids = world.mta().queue();
    return world.mta() instanceof RealSendmail sendmail
        ? ids.stream()
            .filter(id -> isWritten(sendmail.queueDirectory().resolve("qf" + id)))
            .toList()
        : ids;
  }

  /**
   * Sendmail makes the empty file first, for its lock (queue.c, queuename()). One that dies then
   * leaves it for good; it has taken responsibility for nothing yet.
   */
  private static boolean isWritten(Path file) {
    try {
      return Files.size(file) > 0;
    } catch (IOException gone) {
      return false;
    }
  }

  /**
   * Postfix's audit says what became of messages that are in no queue any more. The relay hands
   * what sendmail knows, and the journal could not take, to the journal some seconds later.
   */
  private void awaitSettled() {
    try {
      Awaitility.await("nothing open")
          .atMost(PATIENCE)
          .pollInterval(Duration.ofSeconds(1))
          .until(
              () -> {
                boolean nothingWaits = isBlank(world.emergencyFile());
                read();
                return nothingWaits && open().isEmpty();
              });
    } catch (ConditionTimeoutException e) {
      if (!isBlank(world.emergencyFile())) {
        problems.add("open: outcomes wait in " + world.emergencyFile());
      }
      open().forEach(entry -> problems.add("open: the queue is empty, and yet " + entry));
    }
  }

  /** What Postfix has ended, and the journal has not. Of sendmail, nobody tells us all. */
  private List<JournalEntry> open() {
    return world.isSendmail()
        ? List.of()
        : entries.stream().filter(entry -> !entry.isSettled()).toList();
  }

  /** Line ends are the room that the relay keeps there. */
  static boolean isBlank(Path emergencyFile) {
    try {
      return Files.readString(emergencyFile, StandardCharsets.ISO_8859_1).isBlank();
    } catch (NoSuchFileException nothing) {
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read() {
    entries = world.journal().find("--limit", "1000000");
    doubled.clear();
    Map<List<Object>, JournalEntry> found = new HashMap<>();
    for (JournalEntry entry : entries) {
      // A queue id may come again, with another message.
      JournalEntry other = found.put(List.of(entry.queueId(), entry.messageId()), entry);
      if (other != null) {
        doubled.add("doubled: the journal has " + entry.queueId() + " twice: " + other);
      }
    }
  }

  private void awaitReceipts() {
    JournalReader reader = SqliteJournal.openReadOnly(world.settings());
    try {
      Awaitility.await("no receipt due")
          .atMost(RECEIPTS)
          .pollInterval(Duration.ofSeconds(1))
          .until(() -> overdue(reader).isEmpty());
    } catch (ConditionTimeoutException e) {
      overdue(reader).forEach(id -> problems.add("receipt: not sent for " + id));
    } finally {
      reader.close();
    }
  }

  /** Messages without an open recipient whose last receipt is on no way. */
  private List<String> overdue(JournalReader reader) {
    Map<String, JournalEntry> settled = new HashMap<>();
    entries.stream().filter(e -> e.isSettled()).forEach(entry -> settled.put(entry.id(), entry));
    return reader.receiptsAwaited(Optional.empty(), 1_000_000, damaged -> {}).stream()
        .filter(message -> settled.containsKey(message.id()))
        .map(message -> message.queueId().toString())
        .toList();
  }
}
