package org.mailjournal.relaytest;

import static org.mailjournal.relaytest.TortureCase.ALL;
import static org.mailjournal.relaytest.TortureCase.NOON;
import static org.mailjournal.relaytest.TortureCase.REPLY;
import static org.mailjournal.relaytest.TortureCase.SENDMAIL_ID;
import static org.mailjournal.relaytest.TortureCase.oddity;
import static org.mailjournal.relaytest.TortureCase.refusing;
import static org.mailjournal.relaytest.TortureCase.relayed;
import static org.mailjournal.relaytest.TortureCase.sendmail;
import static org.mailjournal.relaytest.TortureCase.sendmailLine;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mailjournal.relaytest.JournalEntry.News;
import org.mailjournal.relaytest.TorturePlan.Kind;

/** What sendmail logs and the relay did not live to record. */
class TortureLossesTest {
  @Test
  void sendmailThatComesAgainMayLogAnotherRecipientsReply() {
    TortureCase again =
        sendmail().logged(sendmailLine("Sent (Ok: queued as FFFFFFFFFFF)")).told(relayed("egress"));

    again.requireDifference("missing");
    again.told(oddity("the MTA came again with a message for <a@ok.test>")).requireAgreement(1);
  }

  @Test
  void whatSendmailWasToldAgainMustBeInTheJournal() {
    sendmail()
        .copies(ALL)
        .logged(sendmailLine("Sent (Ok: queued as 51E02514002)"))
        .told(oddity("the MTA came again with a message for <a@ok.test>"))
        .fault(Kind.DAEMON_KILLED)
        .requireDifference("missing");
  }

  @Test
  void whereTheJournalCouldNotTakeTheOddityTheDaemonsLogHasIt() {
    TortureCase again =
        sendmail().logged(sendmailLine("Sent (Ok: queued as FFFFFFFFFFF)")).told(relayed("egress"));

    again
        .daemon(
            "WARN "
                + SENDMAIL_ID
                + ": the MTA came again with a message for <b@ok.test>, and so on")
        .requireDifference("missing");
    again
        .daemon(
            "WARN "
                + SENDMAIL_ID
                + ": the MTA came again with a message for <a@ok.test>, and so on")
        .requireAgreement(1);
  }

  @Test
  void aReplyThatNoFileTookIsExcusedByTheDaemonsWordsAndAFailedDiskOnly() {
    String unwritable =
        "the emergency file x cannot be written: " + SENDMAIL_ID + ": to=<a@ok.test> " + REPLY;
    TortureCase lost =
        sendmail().copies(ALL).logged(sendmailLine("Sent (Ok: queued as 51E02514002)"));

    lost.requireDifference("missing");
    lost.daemon(unwritable).requireDifference("missing");
    lost.daemon(unwritable).fault(Kind.DISK_FULL).requireDifference("missing");
    lost.daemon(unwritable).fault(Kind.DISK_FAILED).requireAgreement(1);
  }

  @Test
  void aRefusalIsLostWithTheRelayOnly() {
    TortureCase refused =
        sendmail()
            .copies(refusing(NOON, Stage.RCPT, "550 5.1.1 no such user here"))
            .logged(sendmailLine("User unknown"));

    refused.requireDifference("missing");
    refused.fault(Kind.DISK_FULL).requireDifference("missing");
    refused.fault(Kind.CONNECTIONS_CUT).requireDifference("missing");
    refused.fault(Kind.DAEMON_KILLED).requireAgreement(1);
  }

  @Test
  void aRefusalIsLostAtTheRelaysEndAndNotHoursFromIt() {
    TortureCase refused =
        sendmail()
            .copies(refusing(NOON, Stage.RCPT, "550 5.1.1 no such user here"))
            .logged(sendmailLine("User unknown"));

    refused.faultAt(NOON.plusSeconds(7200), Kind.DAEMON_KILLED).requireDifference("missing");
    refused.faultAt(NOON.minusSeconds(7200), Kind.DISK_FAILED).requireDifference("missing");
    refused.faultAt(NOON.plusSeconds(1), Kind.DISK_FAILED).requireAgreement(1);
  }

  /** Who was refused later, too, was so for another message, or the first time was not for good. */
  @Test
  void aClientThatSentItsMessageTwiceIsRefusedTwice() {
    String line = sendmailLine("User unknown");
    TortureCase first =
        sendmail()
            .copies(
                refusing(
                    List.of(NOON, NOON.plusSeconds(200)),
                    Stage.RCPT,
                    "550 5.1.1 no such user here"))
            .fault(Kind.DAEMON_KILLED)
            .logged(line);

    first.requireDifference("missing");
    first.logged(line.replace(SENDMAIL_ID, "6ASLIrfW099999")).requireAgreement(1);
  }

  @Test
  void aRefusalOfTheContentIsCommittedBeforeItIsPassedOn() {
    sendmail()
        .copies(refusing(NOON, Stage.DOT, "554 5.7.1 message content rejected"))
        .fault(Kind.DAEMON_KILLED)
        .logged(sendmailLine("Service unavailable"))
        .requireDifference("missing");
  }

  @Test
  void aDeferralOfAnExchangerIsLostAtTheRelaysEndOnly() {
    String busy = "450 4.2.0 mailbox busy";
    TortureCase deferred =
        sendmail()
            .copies(refusing(NOON, Stage.RCPT, busy))
            .logged(sendmailLine("Deferred: " + busy));

    deferred.requireDifference("missing");
    deferred.faultAt(NOON.plusSeconds(60), Kind.DAEMON_KILLED).requireDifference("missing");
    deferred.fault(Kind.DAEMON_KILLED).requireAgreement(1);
  }

  @Test
  void theWordsOfAConnectionThatIsLostAreAnotherRecipients() {
    String busy = "450 4.2.0 mailbox busy";
    TortureCase earlier = sendmail().copies(refusing(NOON.minusSeconds(60), Stage.RCPT, busy));
    String line = sendmailLine("Deferred: " + busy);

    earlier.logged(line.replace("dsn=5.1.1", "dsn=4.2.0")).requireDifference("missing");
    earlier.logged(line.replace("dsn=5.1.1", "dsn=4.4.2")).requireAgreement(1);
  }

  @Test
  void aContentThatWasRefusedUnheardIsInNoLog() {
    String rejected = "554 5.7.1 message content rejected";
    TortureCase unheard =
        sendmail()
            .copies(refusing(NOON, Stage.DOT, rejected))
            .told(
                new News(
                    Optional.of(NOON),
                    "delayed",
                    "egress",
                    Optional.of("a@ok.test"),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of("mx.test"),
                    Optional.of("127.0.0.1:2525"),
                    Optional.of(rejected),
                    Optional.of("our client left before it was told, and may try again"),
                    Optional.empty(),
                    Optional.empty()));

    unheard.requireDifference("invented");
    unheard.fault(Kind.CONNECTIONS_CUT).requireAgreement(1);
  }

  @Test
  void whereTwoMessagesCouldBeMeantAnOddityHasTheRefusal() {
    TortureCase refused =
        sendmail()
            .copies(refusing(NOON, Stage.RCPT, "550 5.1.1 no such user here"))
            .logged(sendmailLine("User unknown"));

    refused
        .unnamed(
            "transaction of <s> without a queue id: expected one message that waits for "
                + "<a@ok.test> (550 5.1.1 no such user here), found two")
        .requireAgreement(1);
    refused.unnamed("another").requireDifference("missing");
  }
}
