package org.mailjournal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.JournalException;
import org.mailjournal.journal.Query;
import org.mailjournal.journal.Status;
import org.sqlite.JDBC;

class DerivedTest {
  @TempDir Path directory;

  @Provide
  Arbitrary<List<Event>> histories() {
    return AnyEvent.ofFewMessages().list().ofMinSize(5).ofMaxSize(30);
  }

  @Property(tries = 20, seed = "1", edgeCases = EdgeCasesMode.NONE)
  void whatIsRebuiltIsWhatWas(@ForAll("histories") List<Event> history) throws Exception {
    Path home = Files.createTempDirectory("derived");
    Settings settings = Settings.of("jdbc:sqlite:" + home.resolve("journal.db"));
    try {
      try (SqliteJournal journal = SqliteJournal.open(settings)) {
        for (Event event : history) {
          journal.record(List.of(event)).get();
        }
        assertEquals(List.of(), SqliteJournal.verify(settings));
      }
      List<String> before = dump(settings);
      SqliteJournal.rebuild(settings);
      assertEquals(before, dump(settings));
    } finally {
      delete(home);
    }
  }

  @Test
  void aRebuildMendsWhatVerifyFinds() throws Exception {
    Settings settings = filled();
    List<String> before = dump(settings);
    execute(settings, "DELETE FROM lookup WHERE hash % 2 = 0");
    execute(settings, "INSERT INTO status VALUES (6, 12345)");
    List<String> problems = SqliteJournal.verify(settings);
    assertEquals(2, problems.size(), problems.toString());
    assertTrue(problems.get(0).startsWith("table lookup: "), problems.toString());
    assertTrue(problems.get(1).startsWith("table status: 1 rows that no event"), problems.get(1));
    SqliteJournal.rebuild(settings);
    assertEquals(before, dump(settings));
    assertEquals(List.of(), SqliteJournal.verify(settings));
  }

  @Test
  void aFlippedBitInADerivedTableHoldsUpNoRecord() throws Exception {
    Settings settings = Settings.of("jdbc:sqlite:" + directory.resolve("journal.db"));
    Event.Received mail = Mails.realistic(1, Mails.NOON);
    try (SqliteJournal journal = SqliteJournal.open(settings)) {
      journal.record(List.of(mail)).get();
    }
    execute(settings, "UPDATE status SET status = " + Codes.of(Status.RELAYED));

    try (SqliteJournal journal = SqliteJournal.open(settings)) {
      assertEquals(1, journal.record(List.of(Mails.realisticOutcome(mail, 1))).get());
      var found = journal.message(mail.message().id()).orElseThrow();
      assertEquals(Status.RELAYED, found.recipients().get(0).status());
    }
  }

  @Test
  void anUnfinishedRebuildIsDoneAnewWhenTheDaemonStarts() throws Exception {
    Settings settings = filled();
    List<String> before = dump(settings);
    execute(settings, "DELETE FROM lookup");
    execute(settings, "INSERT INTO parameter VALUES ('rebuilding', 1)");
    JournalException refused =
        org.junit.jupiter.api.Assertions.assertThrows(
            JournalException.class, () -> SqliteJournal.openReadOnly(settings));
    assertEquals(JournalException.Kind.TEMPORARY, refused.kind());
    SqliteJournal.open(settings).close();
    assertEquals(before, dump(settings));
  }

  @Test
  void aFlippedBitInAnEventIsFoundAndNeverServed() throws Exception {
    Settings settings = filled();
    execute(
        settings,
        "UPDATE event SET body = CAST(substr(body, 1, 20) || x'FF' || substr(body, 22) AS BLOB)"
            + " WHERE sequence = 1");
    List<String> problems = SqliteJournal.verify(settings);
    assertTrue(problems.get(0).contains("event 1: its checksum does not hold"), problems.get(0));
    try (var reader = SqliteJournal.openReadOnly(settings)) {
      JournalException damaged =
          org.junit.jupiter.api.Assertions.assertThrows(
              JournalException.class, () -> reader.find(Query.all()));
      assertTrue(damaged.getMessage().contains("restore a backup"), damaged.getMessage());
    }
  }

  private Settings filled() throws Exception {
    Settings settings = Settings.of("jdbc:sqlite:" + directory.resolve("journal.db"));
    try (SqliteJournal journal = SqliteJournal.open(settings)) {
      for (int i = 0; i < 50; i++) {
        Event.Received mail = Mails.realistic(i, Mails.NOON.plusMillis(i));
        journal.record(List.of(mail, Mails.realisticOutcome(mail, i))).get();
      }
      Event.Received hop = Mails.mail("B2", Instant.parse("2026-12-01T00:00:00Z")).received();
      Event.Received next =
          Mails.mail("C3", Instant.parse("2026-12-01T00:00:01Z")).trail("B2").received();
      journal.record(List.of(hop, next, Mails.started(Mails.NOON))).get();
    }
    return settings;
  }

  private static List<String> dump(Settings settings) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = JDBC.createConnection(settings.url(), new Properties());
        Statement statement = connection.createStatement()) {
      for (String table : Derived.TABLES) {
        try (ResultSet found = statement.executeQuery("SELECT * FROM " + table)) {
          int columns = found.getMetaData().getColumnCount();
          while (found.next()) {
            StringBuilder row = new StringBuilder(table);
            for (int i = 1; i <= columns; i++) {
              row.append(' ').append(found.getLong(i));
            }
            rows.add(row.toString());
          }
        }
      }
    }
    return rows;
  }

  private static void execute(Settings settings, String sql) throws SQLException {
    try (Connection connection = JDBC.createConnection(settings.url(), new Properties());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static void delete(Path home) throws Exception {
    try (var files = Files.list(home)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(home);
  }
}
