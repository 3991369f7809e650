package org.mailjournal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.Rebuilt;
import org.mailjournal.journal.Status;
import org.sqlite.JDBC;

/** A rebuild loses what is damaged, and locks nobody out. */
class RebuildOfDamageTest {
  /** Changes octets of the event with the number that follows. */
  static final String FLIP =
      "UPDATE event SET body = CAST(substr(body, 1, 20) || x'FF' || substr(body, 22) AS BLOB)"
          + " WHERE sequence = ";

  @TempDir Path directory;
  private Settings settings;

  /** Three events of A1 with two recipients, then two of B2. */
  @BeforeEach
  void fill() throws Exception {
    settings = Settings.of("jdbc:sqlite:" + directory.resolve("journal.db"));
    try (SqliteJournal journal = SqliteJournal.open(settings)) {
      Event.Received first = Mails.mail("A1", Mails.NOON).to("bob@x", "eve@x").received();
      Event.Received second = Mails.received("B2", Mails.NOON.plusSeconds(1));
      journal.record(List.of(first, Mails.relayed(first, "bob@x", "D4"))).get();
      journal.record(List.of(Mails.relayed(first, "eve@x", "E5"))).get();
      journal.record(List.of(second, Mails.relayed(second, "bob@example.com", "F6"))).get();
    }
  }

  @Test
  void aDamagedEventIsLeftOutAndAllElseIsFound() throws Exception {
    execute(FLIP + 2);

    assertEquals(new Rebuilt(5, 1), SqliteJournal.rebuild(settings));

    assertIsOpenTo("B2");
  }

  @Test
  void ofAMessageWhoseFirstEventIsDamagedNothingIsLeft() throws Exception {
    execute(FLIP + 1);

    assertEquals(new Rebuilt(5, 3), SqliteJournal.rebuild(settings));

    assertIsOpenTo("B2");
  }

  @Test
  void ofAMessageWhoseFirstEventIsGoneNothingIsLeft() throws Exception {
    execute("DELETE FROM event WHERE sequence = 1");

    assertEquals(new Rebuilt(4, 2), SqliteJournal.rebuild(settings));

    assertIsOpenTo("B2");
  }

  @Test
  void mailThatNamesTheDamagedMessageIsTaken() throws Exception {
    execute(FLIP + 1);

    try (SqliteJournal journal = SqliteJournal.open(settings)) {
      Event.Received again =
          Mails.mail("C3", Mails.NOON.plusSeconds(2)).to("bob@x").trail("A1").received();
      assertEquals(1, journal.record(List.of(again)).get());
    }
  }

  @Test
  void aRebuildThatStoppedAtDamageIsDoneWhenTheDaemonStarts() throws Exception {
    execute(FLIP + 2);
    execute("INSERT INTO parameter VALUES ('rebuilding', 1)");
    execute("DELETE FROM lookup");

    assertIsOpenTo("B2");
  }

  @Test
  void anEventBehindADamagedOneIsNotLostWithIt() throws Exception {
    execute(FLIP + 2);
    try (Sql sql = new Database(settings).writer();
        Loader loader = new Loader(sql)) {
      sql.execute("DELETE FROM status");
      Replay replay = new Replay(loader, Derived.asEventsCome(sql, loader));

      replay.apply(loader.stored(3).orElseThrow());

      OptionalLong relayed =
          sql.number("SELECT count(*) FROM status WHERE status = ?", Codes.of(Status.RELAYED));
      assertEquals(OptionalLong.of(1), relayed);
    }
  }

  /** To a daemon, and to who asks. */
  private void assertIsOpenTo(String queueId) throws Exception {
    try (SqliteJournal journal = SqliteJournal.open(settings)) {
      assertTrue(journal.message(queueId).isPresent());
      Event.Received news = Mails.received("C3", Mails.NOON.plusSeconds(2));
      assertEquals(1, journal.record(List.of(news)).get());
    }
    try (JournalReader reader = SqliteJournal.openReadOnly(settings)) {
      assertEquals(
          Optional.of(Status.RELAYED),
          reader.message(queueId).map(s -> s.recipients().get(0).status()));
      assertEquals("C3", reader.message("C3").orElseThrow().key().queueId().text());
    }
    List<String> problems = SqliteJournal.verify(settings);
    assertTrue(problems.get(0).startsWith("event "), problems.toString());
  }

  private void execute(String statement) throws SQLException {
    try (Sql sql = Sql.on(JDBC.createConnection(settings.url(), new Properties()))) {
      sql.execute(statement);
    }
  }
}
