package org.mailjournal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.ReceiptEvent;
import org.mailjournal.journal.Source;
import org.mailjournal.receipt.Receipts;
import org.sqlite.JDBC;

/** A damaged event of a message whose sender waits for a receipt concerns that message alone. */
class DamagedWaitingTest extends JournalCase {
  private final List<String> damages = new ArrayList<>();
  private final Event.Received first = Mails.received("A1", Mails.NOON);
  private final Event.Received second = Mails.received("B2", Mails.NOON.plusSeconds(1));

  /** Events 1 and 2 are of A1, 3 and 4 of B2. */
  @BeforeEach
  void twoWait() throws Exception {
    for (Event.Received mail : List.of(first, second)) {
      journal.record(List.of(mail, wanted(mail))).get();
    }
  }

  @Test
  void whoseFirstEventIsDamagedIsLeftOutAndTheOthersAreFound() throws Exception {
    damage(1);

    assertEquals(List.of(second.message()), waiting(1));
    assertEquals(1, damages.size(), damages.toString());
  }

  @Test
  void ofEventsOneAfterTheOtherTheDamagedAreLeftOut() throws Exception {
    damage(2);
    List<Long> seen = new ArrayList<>();

    journal.eachAfter(0, recorded -> seen.add(recorded.sequence()), damages::add);

    assertEquals(List.of(1L, 3L, 4L), seen);
    assertEquals(1, damages.size(), damages.toString());
  }

  @Test
  void whenReceiptsAreSwitchedOffAllOthersAreLetGo() throws Exception {
    damage(2);

    Receipts.abandonAll(journal, Clock.systemUTC());

    assertEquals(List.of(first.message()), waiting(10));
  }

  @Test
  void whenReceiptsAreSwitchedOffAFirstEventThatIsDamagedHoldsUpNoStart() throws Exception {
    damage(1);

    Receipts.abandonAll(journal, Clock.systemUTC());

    assertEquals(List.of(), waiting(10));
    assertEquals(1, damages.size(), damages.toString());
  }

  private static ReceiptEvent wanted(Event.Received mail) {
    return new ReceiptEvent.Wanted(
        Mails.NOON, Source.MILTER, mail.message(), new Address("alice@example.net"), "always");
  }

  /** As a disk does, while nothing of it is at hand. */
  private void damage(long sequence) throws Exception {
    journal.close();
    try (Sql other = Sql.on(JDBC.createConnection(settings.url(), new Properties()))) {
      other.execute(RebuildOfDamageTest.FLIP + sequence);
    }
    journal = SqliteJournal.open(settings);
  }

  private List<MessageKey> waiting(int limit) {
    return journal.receiptsAwaited(Optional.empty(), limit, damages::add);
  }
}
