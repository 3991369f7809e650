package org.mailjournal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mailjournal.journal.Asked;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.QueueId;
import org.mailjournal.journal.Source;
import org.mailjournal.store.Settings;
import org.mailjournal.store.SqliteJournal;

/** A start, a message, and what it became next: one event of these three is damaged. */
@Timeout(120)
class DamagedPlacesTest {
  private static final long STARTED = 1;
  private static final long FIRST = 2;
  private static final long NEXT = 3;

  private Path directory;
  private String url;
  private JournalReader reader;
  private Terminal terminal;

  @BeforeEach
  void fill(@TempDir Path empty) throws Exception {
    directory = empty;
    url = "jdbc:sqlite:" + directory.resolve("journal.db");
    Instant start = Instant.parse("2026-11-24T08:00:00Z");
    try (SqliteJournal journal = SqliteJournal.open(Settings.of(url))) {
      journal.record(List.of(new Event.Started(start, Source.ADMIN, "mx", "0.1.0"))).get();
      journal.record(List.of(received("B2", List.of()))).get();
      journal.record(List.of(received("C3", List.of(new QueueId("B2"))))).get();
    }
  }

  @AfterEach
  void close() {
    reader.close();
  }

  private static Event received(String id, List<QueueId> trail) {
    MessageKey key = Sample.key(id, "2026-11-24T09:00:0" + id.charAt(1) + "Z");
    return Sample.received(
        key, trail, List.of(Sample.accepted("ann@example.com", Asked.DEFAULT, "esmtp")));
  }

  private void damage(long sequence) throws Exception {
    try (Connection other = DriverManager.getConnection(url);
        Statement sql = other.createStatement()) {
      sql.execute(
          "UPDATE event SET body = CAST(substr(body, 1, length(body) - 3) || x'FF'"
              + " || substr(body, length(body) - 1) AS BLOB) WHERE sequence = "
              + sequence);
    }
    reader = SqliteJournal.openReadOnly(Settings.of(url));
    terminal = new Terminal(directory).over(reader);
  }

  @Test
  void aMessageIsFoundThoughWhatItWasBeforeIsDamaged() throws Exception {
    damage(FIRST);

    assertEquals(3, terminal.type("find", "C3"));

    assertTrue(terminal.out().contains("  C3  "), terminal.out());
    assertTrue(terminal.err().contains("left out: a message of 2026-11-24T09:00:02Z"));
  }

  @Test
  void whatCannotBeReadIsNotSaidToBeAbsent() throws Exception {
    damage(NEXT);

    assertEquals(3, terminal.type("find", "C3"));

    assertEquals("", terminal.out());
    assertTrue(terminal.err().contains("left out: a message of 2026-11-24T09:00:03Z"));
  }

  @Test
  void messagesAreCountedThoughAStartIsDamaged() throws Exception {
    damage(STARTED);

    assertEquals(0, terminal.type("stats", "--json"), terminal.err());

    assertTrue(terminal.out().startsWith("{\"messages\":2,"), terminal.out());
  }

  @Test
  void whatIsNotFoundIsSaidThoughAStartIsDamaged() throws Exception {
    damage(STARTED);

    assertEquals(1, terminal.type("find", "nobody@example.com"), terminal.err());

    assertTrue(terminal.out().startsWith("Nothing found."), terminal.out());
    assertTrue(terminal.out().contains("listened cannot be told"), terminal.out());
  }

  /** Where tail begins. */
  @Test
  void aMomentHasItsPlaceThoughTheEventThereIsDamaged() throws Exception {
    damage(NEXT);

    assertEquals(FIRST, reader.sequenceBefore(Instant.MAX));
  }
}
