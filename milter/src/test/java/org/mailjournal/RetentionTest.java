package org.mailjournal;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.QueueId;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.SetClock;
import org.mailjournal.journal.Source;
import org.mailjournal.store.Settings;
import org.mailjournal.store.SqliteJournal;

/** Messages are kept for 40 days; those that a clock makes old which was set ahead are not lost. */
class RetentionTest {
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir Path directory;
  private final SetClock clock = new SetClock(BEGIN);
  private SqliteJournal journal;
  private Retention retention;

  /** A day's mail on each of 30 days. */
  @BeforeEach
  void thirtyDays() {
    journal = SqliteJournal.open(Settings.of("jdbc:sqlite:" + directory.resolve("journal.db")));
    for (int day = 0; day < 30; day++) {
      record(day);
      clock.pass(Duration.ofDays(1));
    }
    start();
  }

  @AfterEach
  void close() {
    retention.close();
    journal.close();
  }

  @Test
  void whatIsOldGoes() {
    retention.purge();
    assertEquals(30, left());
    hours(24 * 20);
    assertEquals(20, left());
  }

  @Test
  void aMachineThatStartsWithItsClockAYearAheadLosesNothing() {
    clock.set(Duration.ofDays(365));
    start();
    hours(2);
    start();
    hours(2);
    assertEquals(30, left());
  }

  @Test
  void aClockIsBelievedWhenItWentOnSoForADay() {
    clock.set(Duration.ofDays(365));
    start();
    hours(23);
    assertEquals(30, left());
    hours(2);
    assertEquals(0, left());
  }

  @Test
  void aClockThatIsSetAheadForAMinuteLosesNothing() {
    hours(2);
    clock.set(Duration.ofDays(365));
    retention.purge();
    assertEquals(30, left());
    clock.set(Duration.ofDays(365).negated());
    hours(24 * 10);
    assertEquals(29, left());
  }

  @Test
  void aClockThatIsSetAheadAgainIsDoubtedForAnotherDay() {
    hours(2);
    clock.set(Duration.ofDays(365));
    hours(23);
    clock.set(Duration.ofDays(365));
    hours(23);
    assertEquals(30, left());
  }

  @Test
  void aClockThatIsSetBackIsBelieved() {
    hours(2);
    clock.set(Duration.ofDays(5).negated());
    hours(24 * 15);
    assertEquals(29, left());
  }

  @Test
  void aWeekInWhichTheMachineWasOffCounts() {
    clock.set(Duration.ofDays(7));
    start();
    hours(24 * 3 + 2);
    assertEquals(29, left());
  }

  @Test
  void aQuietJournalIsNoReasonToKeepMoreThanIsWanted() {
    hours(24 * 80);
    assertEquals(0, left());
  }

  /** It is hidden from every question, and would be for ever. */
  @Test
  void whatWasHalfTakenOutGoesThoughNothingElseIsLetGoOf() throws SQLException {
    try (Connection other =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("journal.db"));
        Statement sql = other.createStatement()) {
      sql.execute("INSERT INTO parameter SELECT 'going', min(message) FROM event");
      String going = "SELECT count(*) FROM parameter WHERE name = 'going'";
      assertEquals(1, sql.executeQuery(going).getInt(1));

      Retention.finish(journal);

      await().until(() -> sql.executeQuery(going).getInt(1) == 0);
      assertEquals(29, left());
    }
  }

  @Test
  void whatGoesWrongInOneHourIsNoEndOfIt() {
    Clock broken =
        new Clock() {
          @Override
          public ZoneId getZone() {
            return ZoneOffset.UTC;
          }

          @Override
          public Clock withZone(ZoneId zone) {
            return this;
          }

          @Override
          public Instant instant() {
            throw new IllegalStateException("no clock");
          }
        };
    try (Retention other = new Retention(journal, broken, clock::nanos, Duration.ofDays(40))) {
      assertDoesNotThrow(other::purge);
    }
  }

  private void start() {
    if (retention != null) {
      retention.close();
    }
    retention = new Retention(journal, clock, clock::nanos, Duration.ofDays(40));
    journal.record(List.of(new Event.Started(clock.instant(), Source.ADMIN, "mx", "0.1.0"))).join();
  }

  private void hours(int count) {
    for (int i = 0; i < count; i++) {
      clock.pass(Duration.ofHours(1));
      retention.purge();
    }
  }

  private static MessageKey key(int day) {
    return new MessageKey("mx", new QueueId("A" + day), BEGIN.plus(Duration.ofDays(day)));
  }

  private void record(int day) {
    Recipient bob = Recipient.of(new Address("bob@example.com"));
    journal
        .record(List.of(new Event.Unreported(clock.instant(), Source.PASS, key(day), bob, "quiet")))
        .join();
  }

  private int left() {
    int left = 0;
    for (int day = 0; day < 30; day++) {
      left += journal.events(key(day)).isEmpty() ? 0 : 1;
    }
    return left;
  }
}
