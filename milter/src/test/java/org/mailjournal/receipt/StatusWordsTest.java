package org.mailjournal.receipt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Asked;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.RecipientState;
import org.mailjournal.journal.Remote;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

/** What is said of a recipient: all that is known, and no more. */
final class StatusWordsTest {
  private static final String BOB = "bob@example.com";

  private static String wordsOf(RecipientState... recipients) {
    return ReadReceipt.of(Facts.of(recipients)).words();
  }

  @Test
  void relayedNamesTheSystemAndQuotesItAndSaysWhatThatDoesNotShow() {
    String words = wordsOf(Facts.relayed(BOB));
    assertTrue(
        words.contains(
            "accepted by mx.example.com [192.0.2.1] at 10:01:02 UTC+01:00, its words: " + Facts.OK),
        words);
    assertTrue(
        words.contains("it does not show that it was read or kept out of a spam folder"), words);
  }

  @Test
  void itIsSaidThatTimesAreOfWhenTheJournalLearntOfIt() {
    String words = wordsOf(Facts.relayed(BOB));
    assertTrue(
        words.contains("The times are when this server’s journal learnt of each event"), words);
  }

  @Test
  void delayedSaysWhoWaitsAndWhyInTheFarSidesWords() {
    String words = wordsOf(Facts.delayed(BOB));
    assertTrue(
        words.contains(
            "not accepted yet; last put off by mx2.example.nl [2001:db8::7] at 10:01:02 UTC+01:00,"
                + " its words: 451 4.7.1 Greylisting in action, please come back later One attempt"
                + " so far; this server keeps trying."),
        words);
  }

  /** sendmail gives up after five days, and tells its sender alone. */
  @Test
  void whatNothingWasHeardOfForADayIsNotSaidToBeTriedStill() {
    for (Status status : List.of(Status.DELAYED, Status.QUEUED)) {
      RecipientState state = Facts.of(status, BOB);

      String within = wordsAt(Facts.HANDED_IN.plusSeconds(4).plus(Duration.ofDays(1)), state);
      String later = wordsAt(Facts.HANDED_IN.plusSeconds(5).plus(Duration.ofDays(1)), state);

      assertFalse(within.contains("nothing was heard of it since"), within);
      assertTrue(later.contains("nothing was heard of it since"), later);
      assertFalse(later.contains("keeps trying"), later);
      assertFalse(later.contains("has the message"), later);
    }
  }

  /** A refusal that sendmail had in front of the content can leave it queued: it has bounced. */
  @Test
  void whatIsQueuedIsNotSaidToBeThereStillNorToBeTried() {
    Facts facts = Facts.of(Facts.queued(BOB)).kind(Notice.Kind.INTERIM);

    String words = ReadReceipt.of(facts).words();

    assertTrue(
        words.contains(
            "Of at least one recipient it is not known yet whether the message that you"),
        words);
    assertTrue(words.contains("taken into this server’s queue at "), words);
    assertFalse(words.contains("keeps trying"), words);
    assertFalse(words.contains("has the message"), words);
  }

  private static String wordsAt(Instant now, RecipientState state) {
    Texts texts = Texts.of("en");
    View.Row row =
        new RowWriter(texts, new Moments(texts, Facts.ZONE, Facts.HANDED_IN), now).row(state);
    return row.sentence() + " " + row.attempts().orElse("") + " " + row.note();
  }

  @Test
  void anUnreachableSystemSaidNothingSoThisServersWordsAreShown() {
    String words = wordsOf(Facts.unreachable(BOB));
    assertTrue(
        words.contains(
            "this server’s words: connect to mx.example.it[192.0.2.9]:25: Connection timed out"),
        words);
  }

  @Test
  void failedSaysWhoAnsweredWhat() {
    String words = wordsOf(Facts.failed(BOB));
    assertTrue(
        words.contains(
            "given up at 10:01:02 UTC+01:00, after an answer from mx.example.net [192.0.2.7], its"
                + " words: 550 5.1.1 <bob@example.com>: Recipient address rejected: User unknown"),
        words);
  }

  /** Greylisting: its client comes again, and then there is another message with its own fate. */
  @Test
  void whatWasRefusedForNowIsNotSaidToHaveFailed() {
    ReadReceipt receipt =
        ReadReceipt.of(Facts.of(Facts.relayed(BOB), Facts.refusedForNow("eve@example.com")));

    String words = receipt.words();
    assertTrue(words.contains("Refused for now"), words);
    assertTrue(words.contains("Who handed it in may try again"), words);
    assertFalse(words.contains("has to be sent again"), words);
    assertFalse(words.contains("ailed"), words);
    assertTrue(
        receipt.subject().startsWith("1 of 2 accepted, 1 refused for now: "), receipt.subject());
    String machine = receipt.deliveryStatus();
    assertTrue(machine.contains("Action: delayed\r\nStatus: 4.7.1\r\n"), machine);
    assertTrue(machine.contains("X-Mail-Journal-Status: rejected\r\n"), machine);
    assertFalse(machine.contains("Action: failed"), machine);
  }

  @Test
  void withoutAStatusCodeTheReplySaysWhetherItWasRefusedForNow() {
    for (String reply : List.of("450 busy", "421-busy", "451")) {
      RecipientState busy = Facts.state(BOB, Status.REJECTED, null, Remote.NONE, null, reply);
      String machine = ReadReceipt.of(Facts.of(busy)).deliveryStatus();
      assertTrue(machine.contains("Action: delayed\r\nStatus: 4.0.0\r\n"), machine);
    }
    for (String reply : List.of("550 4 you never", "4 of us say no", "")) {
      RecipientState never = Facts.state(BOB, Status.REJECTED, null, Remote.NONE, null, reply);
      String machine = ReadReceipt.of(Facts.of(never)).deliveryStatus();
      assertTrue(machine.contains("Action: failed\r\nStatus: 5.0.0\r\n"), machine);
    }
  }

  @Test
  void whatWasRefusedForGoodHasStillToBeSentAgain() {
    ReadReceipt receipt =
        ReadReceipt.of(Facts.of(Facts.relayed(BOB), Facts.rejected("eve@example.com")));
    assertTrue(receipt.words().contains("has to be sent again"), receipt.words());
    assertTrue(receipt.subject().startsWith("1 of 2 accepted, 1 failed: "), receipt.subject());
  }

  @Test
  void unreportedIsNoSignOfSuccess() {
    ReadReceipt receipt = ReadReceipt.of(Facts.of(Facts.unreported(BOB)));
    assertTrue(receipt.words().contains("this is not a sign of success"));
    assertFalse(receipt.subject().contains("ccepted"));
    assertFalse(receipt.subject().contains("elivered"));
    assertFalse(receipt.deliveryStatus().contains("Action: relayed"));
    assertFalse(receipt.deliveryStatus().contains("Action: delivered"));
  }

  @Test
  void aFarReportIsCalledOne() {
    RecipientState here = Facts.delivered(BOB);
    RecipientState reported = withSource(here, Source.REPORT);
    assertTrue(wordsOf(here).contains("put into a mailbox of this server at"));
    assertTrue(wordsOf(reported).contains("says a report from the receiving side"));
  }

  @Test
  void whatAProgramTookIsCalledNeitherAcceptedNorDelivered() {
    RecipientState piped =
        Facts.state(
            BOB,
            Status.RELAYED,
            "2.0.0",
            Remote.NONE,
            null,
            "delivery via dovecot: delivered via dovecot service");
    ReadReceipt receipt = ReadReceipt.of(Facts.of(piped));
    String words = receipt.words();
    assertTrue(words.contains("handed at 10:01:02 UTC+01:00 to a program of this server"), words);
    assertTrue(words.contains("what the program did with it is not known"), words);
    assertFalse(words.contains("ccepted by"), words);
    assertTrue(receipt.subject().startsWith("Handed to a program"), receipt.subject());

    RecipientState command =
        Facts.state(
            BOB,
            Status.DELIVERED,
            "2.0.0",
            Remote.NONE,
            null,
            "delivery via local: delivered to command: /usr/bin/procmail");
    assertFalse(wordsOf(command).contains("was put into a mailbox"), wordsOf(command));
  }

  @Test
  void whatTheServerThrowsAwayIsNoSuccess() {
    RecipientState discarded =
        Facts.state(BOB, Status.DELIVERED, "2.0.0", Remote.NONE, null, "no such list");
    ReadReceipt receipt = ReadReceipt.of(Facts.of(discarded));
    assertTrue(receipt.words().contains("it went to no mailbox"), receipt.words());
    assertTrue(receipt.subject().startsWith("Thrown away by this server"), receipt.subject());
  }

  private static RecipientState withSource(RecipientState state, Source source) {
    return new RecipientState(
        state.recipient(),
        state.asked(),
        state.mailer(),
        state.status(),
        state.dsn(),
        state.remote(),
        state.reply(),
        state.reason(),
        state.attempts(),
        source,
        state.at());
  }

  @Test
  void aRenamedAddressIsShownWithTheOneThatTheSenderGave() {
    RecipientState state = Facts.relayed("real@example.com");
    RecipientState renamed =
        new RecipientState(
            new Recipient(new Address("real@example.com"), Optional.of(new Address("sales@x.org"))),
            Optional.of(Asked.DEFAULT),
            Optional.empty(),
            state.status(),
            state.dsn(),
            state.remote(),
            state.reply(),
            state.reason(),
            1,
            Source.PASS,
            state.at());
    ReadReceipt receipt = ReadReceipt.of(Facts.of(renamed));
    assertTrue(receipt.words().contains("real@example.com (given as sales@x.org)"));
    assertTrue(receipt.deliveryStatus().contains("Original-Recipient: rfc822; sales@x.org\r\n"));
  }

  @Test
  void failuresStandFirst() {
    String words = wordsOf(Facts.relayed("a@x.org"), Facts.failed("b@x.org"));
    assertTrue(words.indexOf("b@x.org") < words.indexOf("a@x.org"), words);
  }

  @Test
  void theInterimReceiptSaysThatOneFollows() {
    Facts facts = Facts.of(Facts.delayed(BOB)).kind(Notice.Kind.INTERIM);
    assertTrue(ReadReceipt.of(facts).words().contains("a last receipt follows as soon as"));
    assertFalse(ReadReceipt.of(Facts.of(Facts.relayed(BOB))).words().contains("a last receipt"));
  }

  @Test
  void theRemotesNameMayBeItsAddress() {
    Remote routed =
        new Remote(Optional.of("[192.0.2.1]"), Optional.of("192.0.2.1:2525"), Optional.empty());
    RecipientState state = Facts.state(BOB, Status.RELAYED, "2.0.0", routed, Facts.OK, null);
    assertTrue(wordsOf(state).contains("accepted by [192.0.2.1]:2525 at"), wordsOf(state));
  }

  @Test
  void programsReadRfc3464() {
    String status =
        ReadReceipt.of(Facts.of(Facts.relayed(BOB), Facts.rejected("x@y.org"))).deliveryStatus();
    assertEquals(
        """
        Final-Recipient: rfc822; bob@example.com
        Action: relayed
        Status: 2.0.0
        Remote-MTA: dns; mx.example.com
        Diagnostic-Code: smtp; 250 2.0.0 Ok: queued as 51E02514002
        Last-Attempt-Date: Tue, 24 Nov 2026 10:01:02 +0100
        Final-Log-ID: 4fK2Qm1Xz3zJ
        X-Mail-Journal-Status: relayed
        X-Mail-Journal-Source: pass
        X-Mail-Journal-Attempts: 1
        X-Mail-Journal-Learnt-At: 2026-11-24T09:01:02Z
        X-Mail-Journal-Remote-Address: 192.0.2.1:25
        X-Mail-Journal-TLS: TLSv1.3
        X-Mail-Journal-Remote-Queue-ID: 51E02514002
        """,
        status.split("\r\n\r\n", -1)[1].replace("\r\n", "\n") + "\n");
    assertTrue(
        status.split("\r\n\r\n", -1)[2].contains("Action: failed\r\nStatus: 5.7.1\r\n"), status);
    assertEquals(3, status.split("\r\n\r\n", -1).length);
  }

  @Test
  void aMessageGivenUpAfterTemporaryAnswersKeepsTheLastCode() {
    RecipientState expired =
        Facts.state(BOB, Status.FAILED, "4.4.1", Remote.NONE, null, "timed out");
    assertTrue(ReadReceipt.of(Facts.of(expired)).deliveryStatus().contains("Status: 4.4.1\r\n"));
  }

  @Test
  void onlyWhatSendmailGaveItsOwnMailerWasGivenToAProgram() {
    assertTrue(wordsOf(untold(Source.MILTER)).contains("to a program of this server"));
    String left = wordsOf(untold(Source.QUEUE));
    assertFalse(left.contains("to a program of this server"), left);
  }

  /** Its 250 is no reason why it is late. */
  @Test
  void whatTheMtaCouldNotWriteDownIsLateForThatReason() {
    Remote remote = new Remote(Optional.of("mx.x.org"), Optional.empty(), Optional.empty());
    String words =
        wordsOf(
            Facts.state(
                BOB, Status.DELAYED, "4.3.0", remote, "250 2.0.0 Ok", "trace service failed"));
    assertTrue(words.contains("trace service failed"), words);
    assertFalse(words.contains("250 2.0.0 Ok"), words);
  }

  /** What Postfix makes of a 354 to RCPT, say (smtp_trouble.c). */
  @Test
  void aReplyThatRefusesNothingIsNoReasonOfAFailure() {
    Remote remote = new Remote(Optional.of("mx.x.org"), Optional.empty(), Optional.empty());
    String reason = "Protocol error: host mx.x.org[192.0.2.1] said: 354 go on";
    String words = wordsOf(Facts.state(BOB, Status.FAILED, "5.5.0", remote, "354 go on", reason));
    assertTrue(words.contains("Protocol error:"), words);
    assertFalse(words.contains("after an answer from"), words);
  }

  @Test
  void whatWeSayOfWhatNobodyToldIsNotPutIntoTheServersMouth() {
    String words = wordsOf(untold(Source.PASS));
    assertFalse(words.contains("words:"), words);
    assertFalse(words.contains("no delivery agent"), words);
  }

  /** Postfix names its local(8) so as well. */
  private static RecipientState untold(Source source) {
    RecipientState bob = Facts.unreported(BOB);
    return new RecipientState(
        bob.recipient(),
        bob.asked(),
        Optional.of("local"),
        bob.status(),
        bob.dsn(),
        bob.remote(),
        bob.reply(),
        Optional.of("done with, and no delivery agent told how"),
        bob.attempts(),
        source,
        bob.at());
  }
}
