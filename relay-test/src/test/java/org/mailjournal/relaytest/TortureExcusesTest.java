package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.mailjournal.relaytest.JournalEntry.Fate;
import org.mailjournal.relaytest.JournalEntry.News;
import org.mailjournal.relaytest.JournalEntry.Peer;
import org.mailjournal.relaytest.Mta.LogLine;
import org.mailjournal.relaytest.TorturePlan.Kind;
import org.mailjournal.relaytest.Troubles.Trouble;

/** The judge lets pass what a fault explains, and the same without that fault it does not. */
class TortureExcusesTest {
  private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");
  private static final String POSTFIX_ID = "4dJhR42pFhz9rw";
  private static final String SENDMAIL_ID = "6ASLIrfW013662";
  private static final String REPLY = "250 2.0.0 Ok: queued as 51E02514002";
  private static final TortureExcuses.Copies NONE = copies(Optional.empty());
  private static final TortureExcuses.Copies ALL = copies(Optional.of(NOON));

  private static TortureExcuses.Copies copies(Optional<Instant> taken) {
    return new Witnesses(taken.stream().toList(), List.of());
  }

  private static TortureExcuses.Copies refusing(Instant at, Stage stage, String reply) {
    return new Witnesses(List.of(), List.of(new Exchanger.Refused(at, "a@ok.test", stage, reply)));
  }

  /** What exchangers and mailboxes say of every message. */
  private record Witnesses(List<Instant> taken, List<Exchanger.Refused> refusals)
      implements TortureExcuses.Copies {
    @Override
    public Optional<Instant> takenAt(String queueId, String recipient, String reply) {
      return taken.stream().findFirst();
    }

    @Override
    public List<Instant> taken(String queueId, String recipient) {
      return taken;
    }

    @Override
    public List<Instant> delivered(String queueId) {
      return taken;
    }

    @Override
    public List<Exchanger.Refused> refused(String recipient) {
      return refusals;
    }
  }

  @Test
  void whatLogAndJournalSayAlikeNeedsNoExcuse() {
    Case same = postfix().logged(postfixLine("sent", "2.0.0", REPLY)).told(relayed("pass"));

    assertEquals(List.of(), same.differences());
    assertEquals(0, same.excused());
  }

  @Test
  void aLineWithoutAnEventIsMissedWhateverWasKilled() {
    Case lost =
        postfix()
            .fault(Kind.MTA_KILLED)
            .fault(Kind.DISK_FAILED)
            .logged(postfixLine("sent", "2.0.0", REPLY));

    lost.requireDifference("missing");
  }

  @Test
  void aKilledPostfixNeedNotHaveLoggedWhatAnExchangerHas() {
    Case unlogged = postfix().copies(ALL).told(relayed("pass"));

    unlogged.requireDifference("invented");
    unlogged.fault(Kind.DAEMON_KILLED).requireDifference("invented");
    unlogged.fault(Kind.MTA_KILLED).requireAgreement(1);
  }

  @Test
  void withoutACopyARelayedOneIsInventedInSpiteOfTheKill() {
    postfix()
        .copies(NONE)
        .fault(Kind.MTA_KILLED)
        .told(relayed("pass"))
        .requireDifference("invented");
  }

  @Test
  void aKillAtAnotherTimeExcusesNothing() {
    postfix()
        .copies(ALL)
        .faultAt(NOON.plusSeconds(60), Kind.MTA_KILLED)
        .told(relayed("pass"))
        .requireDifference("invented");
  }

  @Test
  void whatWasTakenSecondsBeforeTheKillWasLogged() {
    Case unlogged = postfix().copies(ALL).told(relayed("pass"));

    unlogged.faultAt(NOON.plusSeconds(1), Kind.MTA_KILLED).requireAgreement(1);
    unlogged.faultAt(NOON.plusSeconds(5), Kind.MTA_KILLED).requireDifference("invented");
    unlogged.faultAt(NOON.minusSeconds(5), Kind.MTA_KILLED).requireDifference("invented");
  }

  @Test
  void aFailureThatNoExchangerGaveIsInventedInSpiteOfTheKill() {
    String reply = "550 5.1.1 no such user here";
    Case unlogged = postfix().fault(Kind.MTA_KILLED).told(failed(reply));

    unlogged.requireDifference("invented");
    unlogged.copies(refusing(NOON, Stage.RCPT, reply)).requireAgreement(1);
    unlogged
        .copies(refusing(NOON.minusSeconds(7), Stage.RCPT, reply))
        .requireDifference("invented");
  }

  private static News failed(String reply) {
    return new News(
        Optional.of(NOON),
        "failed",
        "pass",
        Optional.of("a@ok.test"),
        Optional.empty(),
        Optional.of("5.1.1"),
        Optional.empty(),
        Optional.empty(),
        Optional.of(reply),
        Optional.of("host mx.test[127.0.0.1] said: " + reply),
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void aKilledPostfixNeedNotHaveLoggedItsOwnDelivery() {
    News delivered =
        new News(
            Optional.of(NOON),
            "delivered",
            "pass",
            Optional.of("a@ok.test"),
            Optional.empty(),
            Optional.of("2.0.0"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of("delivery via local: delivered to mailbox"),
            Optional.empty(),
            Optional.empty());
    Case unlogged = postfix().copies(ALL).told(delivered);

    unlogged.requireDifference("invented");
    unlogged.fault(Kind.BOTH_KILLED).requireAgreement(1);
    unlogged.copies(NONE).fault(Kind.BOTH_KILLED).requireDifference("invented");
  }

  @Test
  void theEndOfAnAliasTargetNeedNotBeLogged() {
    String refused = "connect to mx.test[127.0.0.1]:25: Connection refused";
    Case unlogged =
        postfix()
            .copies(ALL)
            .logged(
                postfixLine("deferred", "4.4.1", refused)
                    .replace("to=<a@ok.test>", "to=<a@ok.test>, orig_to=<many@alias.test>"))
            .told(ofTarget("delayed", Optional.of("4.4.1"), refused))
            .told(ofTarget("unreported", Optional.empty(), "no delivery agent told how"));

    unlogged.requireDifference("status");
    unlogged.fault(Kind.DAEMON_KILLED).requireDifference("status");
    unlogged.copies(NONE).fault(Kind.MTA_KILLED).requireDifference("status");
    unlogged.fault(Kind.MTA_KILLED).requireAgreement(1);
  }

  private static News ofTarget(String kind, Optional<String> dsn, String reason) {
    return new News(
        Optional.of(NOON),
        kind,
        "pass",
        Optional.of("a@ok.test"),
        Optional.of("many@alias.test"),
        dsn,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(reason),
        Optional.empty(),
        Optional.empty());
  }

  @Test
  void aDeferralBeforePostfixWasKilledCouldNotBeTold() {
    String deferral = postfixLine("deferred", "4.4.1", "connect to mx.test: Connection refused");
    Case untold = postfix().logged(deferral).copies(ALL).told(relayed("pass"));

    untold.fault(Kind.MTA_KILLED).logged(postfixLine("sent", "2.0.0", REPLY)).requireAgreement(1);
    untold.logged(postfixLine("sent", "2.0.0", REPLY)).requireDifference("missing");
  }

  @Test
  void theWordsOfAPassThatEndedBeforeTheKillWereTold() {
    String deferral = postfixLine("deferred", "4.4.1", "connect to mx.test: Connection refused");
    Case ended =
        postfix()
            .logged(deferral)
            .logged(pass(4))
            .logged(postfixLine("sent", "2.0.0", REPLY).replace("12:00:00", "12:00:04"))
            .logged("Nov 28 12:00:09 h postfix/master[7]: daemon started -- version 3.7.11")
            .told(relayed("pass"));

    ended.faultAt(NOON.plusSeconds(8), Kind.MTA_KILLED).requireDifference("missing");
    ended.faultAt(NOON.plusSeconds(4), Kind.DAEMON_KILLED).requireDifference("missing");
    // Killed in that pass, before the next began.
    ended.faultAt(NOON.plusSeconds(1), Kind.MTA_KILLED).requireAgreement(1);
  }

  @Test
  void aDeferralOfAnHourAgoWasToldWhateverIsKilledNow() {
    String deferral = postfixLine("deferred", "4.4.1", "connect to mx.test: Connection refused");
    Case waiting =
        postfix()
            .logged(deferral)
            .logged("Nov 28 13:00:02 h postfix/master[7]: daemon started -- version 3.7.11");

    waiting.faultAt(NOON.plusSeconds(3600), Kind.MTA_KILLED).requireDifference("missing");
    waiting.faultAt(NOON.plusSeconds(1), Kind.MTA_KILLED).requireNoDifference("missing");
  }

  @Test
  void aPassThatWasUnderWayWhileTheDaemonWasFrozenWasNotTold() {
    String deferral = postfixLine("deferred", "4.4.1", "connect to mx.test: Connection refused");
    Case late = postfix().logged(deferral).faultAt(NOON.plusSeconds(6), Kind.MTA_KILLED);

    late.requireDifference("missing");
    late.faultFor(NOON.plusSeconds(1), 4, Kind.DAEMON_FROZEN).requireNoDifference("missing");
  }

  @Test
  void nothingIsUntoldOfAMessageThatWasRemoved() {
    String deferral = postfixLine("deferred", "4.4.1", "connect to mx.test: Connection refused");
    Case removed =
        postfix()
            .logged(deferral)
            .logged("Nov 28 12:00:00 h postfix/qmgr[7]: " + POSTFIX_ID + ": removed");

    removed.fault(Kind.MTA_KILLED).requireDifference("missing");
  }

  @Test
  void oneUntoldAttemptExcusesOne() {
    String deferral = postfixLine("deferred", "4.4.1", "connect to mx.test: Connection refused");
    Case twice =
        postfix().logged(deferral).logged(pass(4)).logged(deferral.replace("12:00:00", "12:00:04"));

    twice.faultAt(NOON.plusSeconds(4), Kind.MTA_KILLED).requireDifference("missing");
  }

  private static String pass(int second) {
    return "Nov 28 12:00:0%d h postfix/qmgr[7]: %s: from=<s@local.test>, size=1, nrcpt=1 (queue active)"
        .formatted(second, POSTFIX_ID);
  }

  @Test
  void theSameFateTwiceInTheLogIsOfAKilledMta() {
    Case twice =
        postfix()
            .logged(postfixLine("sent", "2.0.0", REPLY))
            .logged(postfixLine("sent", "2.0.0", REPLY))
            .told(relayed("pass"));

    twice.requireDifference("missing");
    twice.fault(Kind.MTA_KILLED).requireAgreement(1);
  }

  @Test
  void sendmailThatComesAgainMayLogAnotherRecipientsReply() {
    Case again =
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
    Case again =
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
    Case lost = sendmail().copies(ALL).logged(sendmailLine("Sent (Ok: queued as 51E02514002)"));

    lost.requireDifference("missing");
    lost.daemon(unwritable).requireDifference("missing");
    lost.daemon(unwritable).fault(Kind.DISK_FULL).requireDifference("missing");
    lost.daemon(unwritable).fault(Kind.DISK_FAILED).requireAgreement(1);
  }

  @Test
  void aRefusalIsLostWithTheRelayOnly() {
    Case refused =
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
    Case refused =
        sendmail()
            .copies(refusing(NOON, Stage.RCPT, "550 5.1.1 no such user here"))
            .logged(sendmailLine("User unknown"));

    refused.faultAt(NOON.plusSeconds(7200), Kind.DAEMON_KILLED).requireDifference("missing");
    refused.faultAt(NOON.minusSeconds(7200), Kind.DISK_FAILED).requireDifference("missing");
    refused.faultAt(NOON.plusSeconds(1), Kind.DISK_FAILED).requireAgreement(1);
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
    Case deferred =
        sendmail()
            .copies(refusing(NOON, Stage.RCPT, busy))
            .logged(sendmailLine("Deferred: " + busy));

    deferred.requireDifference("missing");
    deferred.faultAt(NOON.plusSeconds(60), Kind.DAEMON_KILLED).requireDifference("missing");
    deferred.fault(Kind.DAEMON_KILLED).requireAgreement(1);
  }

  @Test
  void whereTwoMessagesCouldBeMeantAnOddityHasTheRefusal() {
    Case refused =
        sendmail()
            .copies(refusing(NOON, Stage.RCPT, "550 5.1.1 no such user here"))
            .logged(sendmailLine("User unknown"));

    refused
        .oddity(
            "transaction of <s> without a queue id: expected one message that waits for "
                + "<a@ok.test> (550 5.1.1 no such user here), found two")
        .requireAgreement(1);
    refused.oddity("another").requireDifference("missing");
  }

  private static Case postfix() {
    return new Case(false);
  }

  private static Case sendmail() {
    return new Case(true);
  }

  private static String postfixLine(String status, String dsn, String text) {
    String relay = status.equals("sent") ? "mx.test[127.0.0.1]:2525" : "none";
    return "Nov 28 12:00:00 h postfix/smtp[9]: %s: to=<a@ok.test>, relay=%s, delay=0, delays=0/0/0/0, dsn=%s, status=%s (%s)"
        .formatted(POSTFIX_ID, relay, dsn, status, text);
  }

  private static String sendmailLine(String stat) {
    String dsn = stat.startsWith("Sent") ? "2.0.0" : "5.1.1";
    return "%s: to=<a@ok.test>, delay=00:00:00, xdelay=00:00:00, mailer=esmtp, pri=1, relay=[127.0.0.1] [127.0.0.1], dsn=%s, stat=%s"
        .formatted(SENDMAIL_ID, dsn, stat);
  }

  private static News relayed(String source) {
    return new News(
        Optional.of(NOON),
        "relayed",
        source,
        Optional.of("a@ok.test"),
        Optional.empty(),
        Optional.of("2.0.0"),
        Optional.of("mx.test"),
        Optional.of("127.0.0.1:2525"),
        Optional.of(REPLY),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static News oddity(String words) {
    return new News(
        "oddity",
        "egress",
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(words));
  }

  /** One message to a@ok.test, as log, journal and faults have it; copies share nothing. */
  private record Case(
      boolean isSendmail,
      TortureExcuses.Copies copies,
      List<Trouble> troubles,
      List<String> daemonLog,
      List<String> oddities,
      List<String> log,
      List<News> news) {
    Case(boolean isSendmail) {
      this(isSendmail, NONE, List.of(), List.of(), List.of(), List.of(), List.of());
    }

    Case copies(TortureExcuses.Copies those) {
      return new Case(isSendmail, those, troubles, daemonLog, oddities, log, news);
    }

    Case fault(Kind kind) {
      return faultAt(NOON, kind);
    }

    /** It lasts a second. */
    Case faultAt(Instant at, Kind kind) {
      return faultFor(at, 1, kind);
    }

    Case faultFor(Instant at, int seconds, Kind kind) {
      Trouble trouble = new Trouble(kind, at, at, at.plusSeconds(seconds), Duration.ZERO);
      return new Case(isSendmail, copies, and(troubles, trouble), daemonLog, oddities, log, news);
    }

    Case daemon(String line) {
      return new Case(isSendmail, copies, troubles, and(daemonLog, line), oddities, log, news);
    }

    /** One that is beside no message. */
    Case oddity(String words) {
      return new Case(isSendmail, copies, troubles, daemonLog, and(oddities, words), log, news);
    }

    Case logged(String line) {
      return new Case(isSendmail, copies, troubles, daemonLog, oddities, and(log, line), news);
    }

    Case told(News one) {
      return new Case(isSendmail, copies, troubles, daemonLog, oddities, log, and(news, one));
    }

    private static <T> List<T> and(List<T> some, T one) {
      return Stream.concat(some.stream(), Stream.of(one)).toList();
    }

    void requireAgreement(int excused) {
      assertEquals(List.of(), differences());
      assertEquals(excused, excused());
    }

    void requireDifference(String kind) {
      List<String> found = differences();
      assertTrue(found.stream().anyMatch(d -> d.startsWith(kind)), () -> kind + ": " + found);
    }

    void requireNoDifference(String kind) {
      List<String> found = differences();
      assertTrue(found.stream().noneMatch(d -> d.startsWith(kind)), () -> kind + ": " + found);
    }

    List<String> differences() {
      List<LogLine> lines = explained(excuses());
      return isSendmail
          ? SendmailOracle.differences(lines, entry())
          : Oracle.differences(lines, entry(), Oracle.Told.EVERYTHING);
    }

    int excused() {
      TortureExcuses excuses = excuses();
      explained(excuses);
      return excuses.excused();
    }

    private TortureExcuses excuses() {
      return new TortureExcuses(
          isSendmail, new Troubles(troubles, isSendmail), copies, daemonLog, oddities);
    }

    private List<LogLine> explained(TortureExcuses excuses) {
      TortureLog all =
          isSendmail
              ? TortureLog.ofSendmail(log)
              : TortureLog.ofPostfix(log, LogStamp.before(NOON.atZone(ZoneOffset.UTC)));
      LoggedMessage message =
          all.messages().stream()
              .filter(one -> one.queueId().equals(entry().queueId()))
              .findFirst()
              .orElseGet(() -> new LoggedMessage(entry().queueId()));
      return excuses.explained(message, entry());
    }

    private JournalEntry entry() {
      return new JournalEntry(
          "",
          "mx.local.test",
          isSendmail ? SENDMAIL_ID : POSTFIX_ID,
          Optional.empty(),
          "s@local.test",
          Optional.empty(),
          new Peer(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
          1,
          List.of(),
          fates(),
          news);
    }

    private List<Fate> fates() {
      List<Fate> fates = new ArrayList<>();
      news.stream()
          .filter(n -> n.recipient().isPresent())
          .reduce((earlier, later) -> later)
          .ifPresent(last -> fates.add(fate(last)));
      return fates;
    }

    private static Fate fate(News last) {
      return new Fate(
          "a@ok.test",
          last.original(),
          Optional.empty(),
          last.kind(),
          last.dsn(),
          last.remoteMta(),
          last.remoteAddress(),
          last.reply(),
          Optional.empty(),
          last.reason(),
          1,
          last.source());
    }
  }
}
