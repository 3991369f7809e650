package org.mailjournal.receipt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

/** The clock of the machine is set: nothing is late, and nothing is given up, that was not so. */
class DeskClockTest extends DeskHouse {
  @Test
  void whatWasPlannedByAClockThatIsSetBackIsNotLate() {
    set(Duration.ofDays(3));
    MessageKey slow = received("A1", ADA, BOB);
    MessageKey quick = received("A2", ADA, EVE);
    news(quick, EVE, Status.RELAYED);

    set(Duration.ofDays(-3));
    after(QUIET);
    assertEquals(List.of("wanted", "wanted", "due final", "sent final"), steps());
    after(PATIENCE.minusSeconds(1));
    assertEquals(1, server.messages().size());
    after(Duration.ofSeconds(1));
    assertEquals(2, server.messages().size(), "the interim receipt of the slow one");

    news(slow, BOB, Status.RELAYED);
    after(QUIET);
    assertEquals(3, server.messages().size());
  }

  @Test
  void aClockThatIsSetForwardWhileAMessageIsLookedAtDelaysNothing() {
    MessageKey key = received("A1", ADA, BOB);
    journal.whileReading(() -> clock.set(Duration.ofSeconds(10)));
    after(QUIET);
    journal.whileReading(() -> {});

    news(key, BOB, Status.RELAYED);
    after(QUIET);

    assertEquals(List.of("wanted", "due final", "sent final"), steps());
  }

  @Test
  void anHourOfTheLimitEndsAlsoWhenTheClockIsSetBack() {
    desk = desk(1);
    set(Duration.ofDays(3));
    news(received("A1", ADA, BOB), BOB, Status.RELAYED);
    after(QUIET);
    set(Duration.ofDays(-3));

    news(received("A2", ADA, BOB), BOB, Status.RELAYED);
    after(QUIET);

    assertEquals(2, server.messages().size());
  }

  @Test
  void aClockThatIsSetForwardDoesNotGiveUpWhatWasNeverTried() {
    server.answer("MAIL", "451 4.3.0 not yet");
    due(received("A1", ADA, BOB), "receipt.A1.0");
    set(Dispatch.GIVE_UP.plusDays(1));
    server.answer("MAIL", "250 2.1.0 Ok");

    restart();
    after(Duration.ofMinutes(1));

    assertEquals(List.of("wanted", "due final", "sent final"), steps());
  }

  @Test
  void aClockThatIsAheadForAMomentGivesUpNoMessage() {
    MessageKey key = received("A1", ADA, BOB);
    news(key, BOB, Status.DELAYED);
    after(PATIENCE);
    assertEquals(List.of("wanted", "due interim", "sent interim"), steps());

    set(Story.SILENCE.plusDays(1));
    set(Story.SILENCE.plusDays(1).negated());
    assertEquals(List.of("wanted", "due interim", "sent interim"), steps());

    news(key, BOB, Status.RELAYED);
    after(QUIET);
    assertEquals(
        List.of("wanted", "due interim", "sent interim", "due final", "sent final"), steps());
  }

  @Test
  void aStartByAClockThatIsAheadGivesUpNoMessage() {
    MessageKey key = received("A1", ADA, BOB);
    news(key, BOB, Status.DELAYED);
    after(PATIENCE);
    clock.set(Story.SILENCE.plusDays(1));

    restart();

    assertEquals(List.of("wanted", "due interim", "sent interim"), steps());
  }

  /** As where a place to listen at cannot be had at first; each start is in the journal. */
  @Test
  void manyStartsByAClockThatIsAheadGiveUpNoMessage() {
    MessageKey key = received("A1", ADA, BOB);
    news(key, BOB, Status.DELAYED);
    after(PATIENCE);
    clock.set(Story.SILENCE.plusDays(1));

    for (int start = 0; start < 3; start++) {
      restart();
      journal
          .record(List.of(new Event.Started(clock.instant(), Source.ADMIN, "mx", "0.1.0")))
          .join();
      after(Duration.ofSeconds(1));
    }

    assertEquals(List.of("wanted", "due interim", "sent interim"), steps());
  }

  @Test
  void aClockThatStaysAheadIsBelievedWithinADay() {
    MessageKey key = received("A1", ADA, BOB);
    news(key, BOB, Status.DELAYED);
    after(PATIENCE);
    set(Story.SILENCE.plusDays(1));

    after(Duration.ofDays(1));

    assertEquals(
        List.of("wanted", "due interim", "sent interim", "due final", "sent final"), steps());
  }

  @Test
  void aClockThatIsAheadForAMomentAbandonsNoReceipt() {
    server.answer("MAIL", "451 4.3.0 not yet");
    MessageKey key = received("A1", ADA, BOB);
    news(key, BOB, Status.RELAYED);
    after(QUIET);
    assertEquals(List.of("wanted", "due final"), steps());

    set(Dispatch.GIVE_UP.plusDays(1));
    set(Dispatch.GIVE_UP.plusDays(1).negated());
    server.answer("MAIL", "250 2.1.0 Ok");
    after(Duration.ofMinutes(1));

    assertEquals(List.of("wanted", "due final", "sent final"), steps());
  }

  @Test
  void whatWasPlannedByAClockThatIsSetBackIsNotLateBehindARestart() {
    set(Duration.ofDays(3));
    MessageKey key = received("A1", ADA, BOB);
    news(key, BOB, Status.DELAYED);
    clock.set(Duration.ofDays(-3));
    restart();

    after(PATIENCE);

    assertEquals(List.of("wanted", "due interim", "sent interim"), steps());
  }
}
