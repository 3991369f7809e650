package org.mailjournal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mailjournal.journal.Event;

/** Of a chain of hops one in the middle is old, and the others are not. */
class PurgedHopsTest extends JournalCase {
  @Test
  void itsNextHopIsLinkedToWhatItWasLinkedToItself() throws Exception {
    Event.Received first = hop("A1", 0);
    Event.Received second = hop("B2", 1, "A1");
    Event.Received third = hop("C3", 2, "B2", "A1");
    record(first, second, third, news(first, 100), news(third, 200));

    assertEquals(1, purge(50));
    assertChain(third, "A1", "C3");
    assertEquals(1, purge(150));
    assertChain(third, "C3");
    assertEquals(0, purge(150));
  }

  @Test
  void whatItDidNotBelieveIsNotInvented() throws Exception {
    Event.Received stranger = hop("A1", 0);
    Event.Received second = hop("B2", 1);
    Event.Received third = hop("C3", 2, "B2", "A1");
    record(stranger, second, third, news(stranger, 100), news(third, 200));

    assertEquals(1, purge(50));
    assertChain(third, "C3");
    assertEquals(1, purge(150));
    assertChain(third, "C3");
  }

  @Test
  void anOlderOneWithItsQueueIdDoesNotTakeItsPlace() throws Exception {
    Event.Received older = hop("B2", 0);
    Event.Received again = hop("B2", 1);
    Event.Received third = hop("C3", 2, "B2");
    record(older, again, third, news(older, 100), news(third, 100));

    assertEquals(1, purge(50));
    assertChain(third, "C3");
  }

  @Test
  void aHopOnAnotherMachineIsPassedOverAsBefore() throws Exception {
    Event.Received first = hop("A1", 0);
    Event.Received third = hop("C3", 2, "FILTER", "A1");
    record(first, third, news(first, 100), news(third, 100), hop("O1", 3));

    assertEquals(0, purge(1));
    assertChain(third, "A1", "C3");
  }

  @Test
  void itsNextHopIsLinkedToNothingMoreWhenItGoesAsWell() throws Exception {
    Event.Received first = hop("A1", 0);
    Event.Received second = hop("B2", 1, "A1");
    Event.Received third = hop("C3", 2, "B2", "A1");
    record(first, second, third, news(first, 100), news(third, 60), hop("N1", 100));

    assertEquals(1, purge(50));
    assertEquals(1, purge(70));
    assertChain(first, "A1");
  }

  @Test
  void aRebuildWhereAPurgeWasCutShortLosesNoLink() throws Exception {
    Event.Received first = hop("A1", 0);
    Event.Received second = hop("B2", 1, "A1");
    Event.Received third = hop("C3", 2, "B2", "A1");
    record(first, second, third, news(first, 100), news(third, 200));
    journal.close();
    beginToPurge(second);

    SqliteJournal.rebuild(settings);
    journal = SqliteJournal.open(settings);
    assertEquals(1, purge(50));

    assertChain(third, "A1", "C3");
  }

  private void beginToPurge(Event.Received mail) throws Exception {
    Readers readers = new Readers(new Database(settings), 1);
    try (Sql sql = new Database(settings).recorder();
        Appender appender = new Appender(sql)) {
      long number = MessageNumber.first(mail.at());
      Outdated outdated =
          readers
              .read(session -> Outdated.read(session, number, Mails.NOON.plusSeconds(50)))
              .orElseThrow();
      sql.run("BEGIN IMMEDIATE");
      appender.removal().begin(outdated);
      sql.run("COMMIT");
    } finally {
      readers.close();
    }
  }

  /** Before a rebuild and behind it. */
  private void assertChain(Event.Received of, String... queueIds) {
    assertEquals(List.of(), SqliteJournal.verify(settings));
    assertEquals(List.of(queueIds), chain(of));
    journal.close();
    SqliteJournal.rebuild(settings);
    assertEquals(List.of(), SqliteJournal.verify(settings));
    journal = SqliteJournal.open(settings);
    assertEquals(List.of(queueIds), chain(of));
  }

  private List<String> chain(Event.Received of) {
    return journal.chain(of.message()).stream().map(s -> s.key().queueId().text()).toList();
  }

  private static Event.Received hop(String queueId, int seconds, String... trail) {
    return Mails.mail(queueId, Mails.NOON.plusSeconds(seconds)).trail(trail).received();
  }

  private static Event news(Event.Received mail, int seconds) {
    Event.Unreported quiet = Mails.unreported(mail, "bob@example.com");
    return new Event.Unreported(
        Mails.NOON.plusSeconds(seconds),
        quiet.source(),
        quiet.message(),
        quiet.recipient(),
        quiet.reason());
  }

  private long purge(int seconds) {
    return journal.purge(Mails.NOON.plusSeconds(seconds));
  }

  private void record(Event... events) throws Exception {
    journal.record(List.of(events)).get();
  }
}
