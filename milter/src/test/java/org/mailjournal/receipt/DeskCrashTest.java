package org.mailjournal.receipt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

/** What the daemon's death and a journal that cannot commit make of receipts. */
class DeskCrashTest extends DeskHouse {
  @Test
  void whatWaitsAtTheEndGoesOnceAfterARestart() {
    MessageKey key = received("A1", ADA, BOB);
    news(key, BOB, Status.RELAYED);

    clock.set(Duration.ofHours(2));
    restart();
    restart();

    assertEquals(List.of("wanted", "due final", "sent final"), steps());
    assertEquals(1, server.messages().size());
  }

  @Test
  void anIntentionFromBeforeACrashIsCarriedOutUnderItsOwnName() {
    MessageKey key = received("A1", ADA, BOB);
    news(key, BOB, Status.RELAYED);
    due(key, "receipt.A1.before");

    restart();

    assertEquals(List.of("wanted", "due final", "sent final"), steps());
    assertTrue(server.messages().get(0).contains("receipt.A1.before"));
  }

  @Test
  void aReceiptThatTheJournalSawComeInIsNotSentAgainAfterACrash() {
    MessageKey key = received("A1", ADA, BOB);
    news(key, BOB, Status.RELAYED);
    due(key, "receipt.A1.sent");
    MessageKey receipt = passing("R1", "receipt.A1.sent");
    news(receipt, ADA, Status.DELIVERED);

    restart();

    assertEquals(List.of("wanted", "due final", "sent final"), steps());
    assertEquals(List.of(), server.messages());
  }

  @Test
  void aReceiptThatTheMtaDidNotTakeIsSentAgainAfterACrash() {
    MessageKey receipt = lostWithTheMta();
    assertEquals(List.of("wanted", "due final"), steps());

    tellGone(receipt);

    assertEquals(List.of("wanted", "due final", "sent final"), steps());
    assertEquals(1, server.messages().size());
  }

  /** The MTA died with it, and the audit has not told yet. */
  @Test
  void aClockThatIsSetForwardDoesNotMakeALostOneSent() {
    MessageKey receipt = lostWithTheMta();

    set(Duration.ofDays(3));
    after(Duration.ofMinutes(1));
    assertEquals(List.of("wanted", "due final"), steps());

    tellGone(receipt);
    assertEquals(List.of("wanted", "due final", "sent final"), steps());
    assertEquals(1, server.messages().size());
  }

  /** The milter recorded the receipt, and nothing is heard of it. */
  private MessageKey lostWithTheMta() {
    MessageKey key = received("A1", ADA, BOB);
    news(key, BOB, Status.RELAYED);
    due(key, "receipt.A1.lost");
    MessageKey receipt = passing("R1", "receipt.A1.lost");
    restart();
    return receipt;
  }

  private void tellGone(MessageKey receipt) {
    journal
        .record(
            List.of(
                new Event.Unreported(
                    clock.instant(), Source.QUEUE, receipt, Recipient.of(ADA), "gone")))
        .join();
    after(Duration.ofMinutes(1));
  }

  private void dueWithoutAudit(String receiptId) {
    isAudited = false;
    MessageKey key = received("A1", ADA, BOB);
    news(key, BOB, Status.RELAYED);
    due(key, receiptId);
  }

  @Test
  void withoutAQueueAuditWhatNothingIsHeardOfIsSentAgain() {
    dueWithoutAudit("receipt.A1.lost");
    passing("R1", "receipt.A1.lost");
    restart();
    after(PATIENCE.multipliedBy(8).minusSeconds(1));
    assertEquals(List.of("wanted", "due final"), steps());

    after(Duration.ofSeconds(10));

    assertEquals(List.of("wanted", "due final", "sent final"), steps());
    assertTrue(server.messages().get(0).contains("receipt.A1.lost"));
  }

  @Test
  void withoutAQueueAuditWhatWasHeardOfIsNot() {
    dueWithoutAudit("receipt.A1.slow");
    news(passing("R1", "receipt.A1.slow"), ADA, Status.DELAYED);
    restart();
    after(PATIENCE.multipliedBy(9));

    assertEquals(List.of("wanted", "due final", "sent final"), steps());
    assertEquals(List.of(), server.messages());
  }

  @Test
  void aMailThatIsNoReceiptCannotPassForOne() {
    MessageKey key = received("A1", ADA, BOB);
    news(key, BOB, Status.RELAYED);
    due(key, "receipt.A1.forged");
    MessageKey forged = passing("R1", "receipt.A1.forgedX");
    news(forged, ADA, Status.DELIVERED);

    restart();

    assertEquals(1, server.messages().size());
  }

  @Test
  void aCutConnectionBehindTheContentIsLookedUpBeforeItIsTriedAgain() {
    server.answer(".", SubmissionServer.CUT);
    MessageKey key = received("A1", ADA, BOB);
    news(key, BOB, Status.RELAYED);
    after(QUIET);
    MessageKey receipt = passing("R1", "receipt." + key.id() + ".token1");
    news(receipt, ADA, Status.DELIVERED);

    after(Duration.ofMinutes(1));

    assertEquals(List.of("wanted", "due final", "sent final"), steps());
    assertEquals(1, server.messages().size());
  }

  @Test
  void aJournalThatCannotCommitTheEndDoesNotMakeASecondMail() {
    MessageKey key = received("A1", ADA, BOB);
    news(key, BOB, Status.RELAYED);
    due(key, "receipt.A1.full");
    journal.refuse(true);
    restart();
    assertEquals(1, server.messages().size());

    journal.refuse(false);
    after(Duration.ofMinutes(1));

    assertEquals(List.of("wanted", "due final", "sent final"), steps());
    assertEquals(1, server.messages().size());
  }
}
