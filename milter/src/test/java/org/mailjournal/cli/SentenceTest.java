package org.mailjournal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Asked;
import org.mailjournal.journal.EnhancedStatus;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.RecipientState;
import org.mailjournal.journal.Remote;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

class SentenceTest {
  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

  @Test
  void a250ThatTheMtaCouldNotWriteDownIsNoReasonForADelay() {
    assertEquals(
        "not yet: at 12:00:00: 4063910C6DF: trace service failed, though mx.one.test had taken it:"
            + " 250 2.0.0 Ok: queued as X1; the MTA keeps trying, 1 attempt so far",
        of(
            Status.DELAYED,
            "4.3.0",
            "mx.one.test",
            "250 2.0.0 Ok: queued as X1",
            "4063910C6DF: trace service failed",
            Source.PASS));
  }

  /** Postfix calls it a protocol error, and gives the message up (smtp_trouble.c). */
  @Test
  void a250ToDataIsNoSignThatAnybodyTookTheMessage() {
    String reason =
        "Protocol error: host mx.one.test[192.0.2.1] said: 250 2.0.0 Ok (in reply to DATA command)";

    assertEquals(
        "given up: at 12:00:00: " + reason,
        of(Status.FAILED, "5.5.0", "mx.one.test", "250 2.0.0 Ok", reason, Source.PASS));
  }

  @Test
  void ofSendmailsOwnMailersItIsNotSaidThatTheyAreDone() {
    assertEquals(
        "taken at 12:00:00, and nobody tells what becomes of it: this is not a sign of success"
            + " (sendmail does not tell us)",
        of(Status.UNREPORTED, null, null, null, "sendmail does not tell us", Source.MILTER));
  }

  /** Postfix hands a milter the words without their code: smtpd_milters, {rcpt_host}. */
  @Test
  void whoWasRefusedForNowMayHaveComeAgain() {
    String grey = "Recipient address rejected: Greylisted";

    assertEquals(
        "refused for now in the dialogue at 12:00:00: 4.7.1 "
            + grey
            + "; the MTA did not take it then; if the client came again, that is another message",
        of(Status.REJECTED, "4.7.1", null, null, grey, Source.MILTER));
    assertEquals(
        "refused in the dialogue at 12:00:00: 5.7.1 " + grey + "; the MTA never took it",
        of(Status.REJECTED, "5.7.1", null, null, grey, Source.MILTER));
  }

  @Test
  void aCodeThatTheWordsHaveIsNotSaidTwice() {
    assertEquals(
        "refused in the dialogue at 12:00:00: 550 5.1.1 User unknown; the MTA never took it",
        of(Status.REJECTED, "5.1.1", null, null, "550 5.1.1 User unknown", Source.MILTER));
  }

  @Test
  void aPieceOfAnAddressIsNoCode() {
    String words = "Service unavailable; Client host [195.7.1.20] blocked using bl.test";

    assertEquals(
        "refused in the dialogue at 12:00:00: 5.7.1 " + words + "; the MTA never took it",
        of(Status.REJECTED, "5.7.1", null, null, words, Source.MILTER));
    assertEquals(
        "refused in the dialogue at 12:00:00: Denied (5.7.1).; the MTA never took it",
        of(Status.REJECTED, "5.7.1", null, null, "Denied (5.7.1).", Source.MILTER));
  }

  @Test
  void whyA4yzWasTheLastWordIsSaid() {
    String said = "host mx.one.test said: 452 4.2.2 Mailbox full (in reply to RCPT TO command)";
    String given = "given up: mx.one.test said at 12:00:00: 452 4.2.2 Mailbox full";

    for (String end : List.of(" (expired, returned to sender)", " (expired)", "")) {
      assertEquals(
          given + end,
          of(
              Status.FAILED,
              "4.2.2",
              "mx.one.test",
              "452 4.2.2 Mailbox full",
              said + end,
              Source.PASS));
    }
  }

  @Test
  void ofSendmailItIsSaidThatItsGivingUpIsNotTold() {
    assertEquals(
        "not yet: mx.one.test said at 12:00:00: 452 4.2.2 Mailbox full; the MTA keeps trying,"
            + " 1 attempt so far (a sendmail that gave it up does not tell us)",
        of(
            Status.DELAYED,
            "4.2.2",
            "mx.one.test",
            "452 4.2.2 Mailbox full",
            "452 4.2.2 Mailbox full",
            Source.EGRESS));
  }

  private static String of(
      Status status, String dsn, String mta, String reply, String reason, Source source) {
    RecipientState state =
        new RecipientState(
            Recipient.of(new Address("bob@one.test")),
            Optional.of(Asked.DEFAULT),
            Optional.of("local"),
            status,
            Optional.ofNullable(dsn).flatMap(EnhancedStatus::of),
            new Remote(Optional.ofNullable(mta), Optional.empty(), Optional.empty()),
            Optional.ofNullable(reply),
            Optional.of(reason),
            1,
            source,
            NOON);
    return new Sentence(new Times(ZoneOffset.UTC, NOON)).of(state, NOON);
  }
}
