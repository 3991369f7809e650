package org.mailjournal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.Query;
import org.mailjournal.journal.Statistics;
import org.sqlite.JDBC;

/** A message with many recipients is taken out in steps, which nobody waits for and nobody sees. */
class LargePurgeTest {
  private static final int STEP = 100;
  private static final List<String> TABLES =
      List.of("event", "lookup", "status", "hop", "receipt", "oddity");

  @TempDir Path directory;
  private final Event.Received large = large(200);
  private final Event.Received next =
      Mails.mail("C3", Mails.NOON.plusSeconds(100)).trail("A1").received();

  @Test
  void commitsGoOnWhileItIsTakenOut() throws Exception {
    Settings settings = settings("journal");
    try (SqliteJournal journal = SqliteJournal.open(settings)) {
      fill(journal, large(6000));
      CompletableFuture<Long> purge =
          CompletableFuture.supplyAsync(() -> journal.purge(Mails.NOON.plusSeconds(50)));
      int commits = 0;
      while (!purge.isDone()) {
        journal.record(List.of(Mails.received("N" + commits, next.at()))).get();
        commits++;
      }
      assertEquals(1, purge.get());
      // 18,000 rows in slices of 200, and a commit may go with any of them.
      assertTrue(commits >= 10, commits + " commits");
    }
  }

  @Test
  void whereverItIsCutShortNobodySeesHalfOfItAndTheNextPurgeGoesOn() throws Exception {
    int steps = 0;
    boolean isGone = false;
    while (!isGone) {
      steps++;
      Settings settings = settings("cut" + steps);
      fill(settings);
      isGone = purge(settings, steps);
      assertHidden(settings);
      SqliteJournal.rebuild(settings);
      assertHidden(settings);
      try (SqliteJournal journal = SqliteJournal.open(settings)) {
        assertEquals(isGone ? 0 : 1, journal.purge(Mails.NOON.plusSeconds(50)));
      }
      assertGone(settings);
    }
    assertTrue(steps > 5, steps + " steps");
  }

  @Test
  void whatWasBegunIsEndedWhereNothingElseIsTakenOut() throws Exception {
    Settings settings = settings("journal");
    fill(settings);
    purge(settings, 6);
    assertHidden(settings);

    try (SqliteJournal journal = SqliteJournal.open(settings)) {
      assertEquals(1, journal.finishPurge());
      assertEquals(0, journal.finishPurge());
    }

    assertGone(settings);
  }

  @Test
  void itsNewsOfMeanwhileIsKeptByItself() throws Exception {
    Settings settings = settings("journal");
    fill(settings);
    purge(settings, 6);
    Event news = Mails.relayed(large, "late@example.com", "L1");
    try (SqliteJournal journal = SqliteJournal.open(settings)) {
      assertEquals(2, journal.record(List.of(news, Mails.started(next.at()))).get());
      assertEquals(news, journal.events(large.message()).get(0).event());
      journal.purge(Mails.NOON.plusSeconds(1));
      assertEquals(news, journal.events(large.message()).get(0).event());
    }
    assertEquals(List.of(), SqliteJournal.verify(settings));
  }

  @Test
  void whatIsInDeliveryIsNotReadAnewForIt() throws Exception {
    Settings settings = settings("journal");
    try (SqliteJournal journal = SqliteJournal.open(settings)) {
      Event.Received young = Mails.mail("B2", Mails.NOON.plusSeconds(100)).received();
      journal.record(List.of(young)).get();
      fill(journal, large);
      try (Sql other = Sql.on(JDBC.createConnection(settings.url(), new Properties()))) {
        // Whoever read it again would find the damage.
        other.execute("UPDATE event SET body = x'00' WHERE sequence = 1");
      }
      assertEquals(1, journal.purge(Mails.NOON.plusSeconds(50)));
      assertEquals(1, journal.record(List.of(Mails.relayed(young, "bob@example.com", "D4"))).get());
    }
  }

  private Settings settings(String name) throws Exception {
    return Settings.of(
        "jdbc:sqlite:" + Files.createDirectory(directory.resolve(name)).resolve("journal.db"));
  }

  private static Event.Received large(int recipients) {
    String[] addresses =
        IntStream.range(0, recipients).mapToObj(i -> "r" + i + "@x.test").toArray(String[]::new);
    return Mails.mail("A1", Mails.NOON).id("<large@x.test>").to(addresses).received();
  }

  private void fill(Settings settings) throws Exception {
    try (SqliteJournal journal = SqliteJournal.open(settings)) {
      fill(journal, large);
    }
  }

  /** It, its outcomes, an oddity, and a younger message that it became. */
  private void fill(SqliteJournal journal, Event.Received mail) throws Exception {
    journal.record(List.of(mail)).get();
    List<Event> outcomes = new ArrayList<>();
    for (Event.Accepted one : mail.accepted()) {
      outcomes.add(Mails.relayed(mail, one.address().text(), "D" + outcomes.size()));
    }
    outcomes.add(Mails.oddity(mail.at(), Optional.of(mail.message()), "odd"));
    outcomes.add(next);
    journal.record(outcomes).get();
  }

  /** Some steps of a purge; true when these were all. */
  private boolean purge(Settings settings, int steps) throws Exception {
    Readers readers = new Readers(new Database(settings), 1);
    try (Sql sql = new Database(settings).recorder();
        Appender appender = new Appender(sql)) {
      long number = MessageNumber.first(Mails.NOON);
      Outdated message =
          readers
              .read(session -> Outdated.read(session, number, Mails.NOON.plusSeconds(50)))
              .orElseThrow();
      Removal removal = appender.removal();
      List<Step> all = new ArrayList<>();
      all.add(() -> !removal.begin(message));
      all.add(() -> !removal.unlink(message, STEP));
      for (int from = 0; from < message.entries().size(); from += STEP) {
        int some = from;
        all.add(
            () -> {
              removal.lookUps(message, some, some + STEP);
              return false;
            });
      }
      boolean isGone = false;
      for (int i = 0; i < steps; i++) {
        Step step = i < all.size() ? all.get(i) : () -> removal.events(message, STEP);
        sql.run("BEGIN IMMEDIATE");
        isGone = step.isEnd();
        sql.run("COMMIT");
      }
      return isGone;
    } finally {
      readers.close();
    }
  }

  private interface Step {
    boolean isEnd() throws SQLException;
  }

  private void assertHidden(Settings settings) {
    assertEquals(List.of(), SqliteJournal.verify(settings));
    try (var reader = SqliteJournal.openReadOnly(settings)) {
      assertEquals(List.of("C3"), queueIds(reader.find(Query.all())));
      assertFalse(reader.eventsAfter(0, 1000).isEmpty());
      assertEquals(Optional.empty(), reader.message("A1"));
      assertEquals(Optional.empty(), reader.message("large@x.test"));
      for (Event.Accepted one : large.accepted()) {
        Address address = one.address();
        assertEquals(List.of(), reader.find(Query.text(address.text())));
      }
      assertEquals(List.of("C3"), queueIds(reader.chain(next.message())));
      Statistics statistics = reader.statistics(Mails.NOON.minusSeconds(1));
      assertEquals(1, statistics.messages());
    }
  }

  private static List<String> queueIds(List<org.mailjournal.journal.MessageState> messages) {
    return messages.stream().map(message -> message.key().queueId().text()).toList();
  }

  private void assertGone(Settings settings) throws Exception {
    assertEquals(List.of(), SqliteJournal.verify(settings));
    try (Sql sql = Sql.on(JDBC.createConnection(settings.url(), new Properties()))) {
      for (String table : TABLES) {
        String rows = table.equals("oddity") ? "oddity" : table + " WHERE message <> ";
        String others = rows.equals("oddity") ? rows : rows + MessageNumber.first(next.at());
        assertEquals(0, sql.number("SELECT count(*) FROM " + others).getAsLong(), table);
      }
      assertTrue(sql.number("SELECT 1 FROM parameter WHERE name = 'going'").isEmpty());
    }
  }
}
