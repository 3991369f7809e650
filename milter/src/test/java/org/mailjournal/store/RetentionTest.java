package org.mailjournal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.JournalException;
import org.mailjournal.journal.Query;
import org.mailjournal.journal.ReceiptEvent;
import org.mailjournal.journal.ReceiptKind;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.RecordedEvent;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;
import org.sqlite.JDBC;

class RetentionTest extends JournalCase {
  @Test
  void messagesGoWhenTheirLastEventIsOld() throws Exception {
    Event.Received old = Mails.mail("A1", Mails.NOON).received();
    Event.Received tardy = Mails.mail("B2", Mails.NOON).received();
    record(Mails.started(Mails.NOON), old, Mails.relayed(old, "bob@example.com", "D4"), tardy);
    for (int i = 0; i < 350; i++) {
      record(Mails.mail("N" + i, Mails.NOON.plusMillis(i)).trail("A1").received());
    }
    record(
        Mails.oddity(Mails.NOON, Optional.empty(), "old"),
        Mails.oddity(Mails.NOON.plusSeconds(100), Optional.empty(), "new"),
        new Event.Unreported(
            Mails.NOON.plusSeconds(100),
            Source.PASS,
            tardy.message(),
            Recipient.of(tardy.accepted().get(0).address()),
            "late"));
    assertEquals(351, journal.purge(Mails.NOON.plusSeconds(50)));
    assertEquals(
        List.of("B2"),
        journal.find(Query.all()).stream().map(s -> s.key().queueId().text()).toList());
    assertEquals(List.of(), journal.find(Query.text("D4")));
    assertEquals(1, journal.coverage().spans().size());
    assertEquals(1, journal.statistics(Mails.NOON).oddities());
    assertEquals(List.of(), SqliteJournal.verify(settings));
  }

  @Test
  void aMessageThatIsDamagedStaysAndHoldsUpNoOther() throws Exception {
    Event.Received damaged = Mails.mail("A1", Mails.NOON).received();
    record(damaged, Mails.relayed(damaged, "bob@example.com", "D4"));
    record(Mails.mail("B2", Mails.NOON.plusMillis(1)).received());
    record(Mails.mail("C3", Mails.NOON.plusSeconds(100)).received());
    journal.close();
    try (Sql sql =
        Sql.on(JDBC.createConnection("jdbc:sqlite:" + settings.file(), new Properties()))) {
      sql.execute("UPDATE event SET body = x'00' WHERE sequence = 2");
    }
    open();

    JournalException said =
        assertThrows(JournalException.class, () -> journal.purge(Mails.NOON.plusSeconds(50)));

    assertTrue(said.getMessage().contains("event 2"), said.getMessage());
    assertEquals(Optional.empty(), journal.message("B2"));
    assertTrue(journal.message("C3").isPresent());
    assertThrows(JournalException.class, () -> journal.message("A1"));
  }

  @Test
  void newsOfAMessageThatIsGoneIsKeptByItself() throws Exception {
    Event.Received old = Mails.mail("A1", Mails.NOON).received();
    record(old, Mails.started(Mails.NOON.plusSeconds(1)));
    assertEquals(1, journal.purge(Mails.NOON.plusSeconds(50)));
    Event bounce = Mails.outcome(old, "bob@example.com", Status.FAILED, "550 5.0.0 no");
    record(bounce);
    assertEquals(bounce, journal.events(old.message()).get(0).event());
    assertEquals(Optional.empty(), journal.message("A1"));
    assertEquals(List.of(), SqliteJournal.verify(settings));
  }

  @Test
  void whoHasReadAMessageThatIsGoneReadsWhatTookItsNumber() throws Exception {
    Event.Received old = Mails.mail("A1", Mails.NOON).received();
    Event.Received other = Mails.mail("B2", Mails.NOON).received();
    record(old, other, Mails.received("C3", Mails.NOON.plusSeconds(100)));
    assertEquals(old, journal.eventsAfter(0, 10).get(0).event());
    journal.purge(Mails.NOON.plusSeconds(50));
    Event late = Mails.outcome(other, "bob@example.com", Status.DELAYED, "450 4.0.0 wait");
    Event bounce = Mails.outcome(other, "bob@example.com", Status.FAILED, "550 5.0.0 no");
    record(late, bounce);
    assertEquals(
        List.of(late, bounce),
        journal.eventsAfter(3, 10).stream().map(RecordedEvent::event).toList());
  }

  @Test
  void aMessageWhoseSenderWaitsForAReceiptStaysUntilThatIsDone() throws Exception {
    Event.Received mail = Mails.mail("A1", Mails.NOON).received();
    ReceiptEvent wanted =
        new ReceiptEvent.Wanted(Mails.NOON, Source.MILTER, mail.message(), mail.sender(), "always");
    record(mail, wanted, Mails.started(Mails.NOON.plusSeconds(100)));
    assertEquals(0, journal.purge(Mails.NOON.plusSeconds(50)));
    assertEquals(
        List.of(mail.message()), journal.receiptsAwaited(Optional.empty(), 10, damaged -> {}));

    record(
        new ReceiptEvent.Sent(
            Mails.NOON, Source.ADMIN, mail.message(), ReceiptKind.FINAL, "receipt.x", "250 Ok"),
        Mails.started(Mails.NOON.plusSeconds(100)));
    assertEquals(1, journal.purge(Mails.NOON.plusSeconds(50)));
    assertEquals(List.of(), SqliteJournal.verify(settings));
  }

  @Test
  void sequenceNumbersAreNeverGivenTwice() throws Exception {
    record(Mails.mail("A1", Mails.NOON).received(), Mails.mail("B2", Mails.NOON).received());
    journal.purge(Mails.NOON.plusSeconds(50));
    journal.close();
    open();
    record(Mails.mail("C3", Mails.NOON).received());
    assertEquals(3, journal.events(Mails.key("C3", Mails.NOON)).get(0).sequence());
  }

  private void record(Event... events) throws Exception {
    journal.record(List.of(events)).get();
  }
}
