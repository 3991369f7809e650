package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mailjournal.relaytest.TortureCase.ALL;
import static org.mailjournal.relaytest.TortureCase.NONE;
import static org.mailjournal.relaytest.TortureCase.NOON;
import static org.mailjournal.relaytest.TortureCase.POSTFIX_ID;
import static org.mailjournal.relaytest.TortureCase.REPLY;
import static org.mailjournal.relaytest.TortureCase.postfix;
import static org.mailjournal.relaytest.TortureCase.postfixLine;
import static org.mailjournal.relaytest.TortureCase.refusing;
import static org.mailjournal.relaytest.TortureCase.relayed;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mailjournal.relaytest.JournalEntry.News;
import org.mailjournal.relaytest.TorturePlan.Kind;

/** The judge lets pass what a fault explains, and the same without that fault it does not. */
class TortureExcusesTest {
  @Test
  void whatLogAndJournalSayAlikeNeedsNoExcuse() {
    TortureCase same = postfix().logged(postfixLine("sent", "2.0.0", REPLY)).told(relayed("pass"));

    assertEquals(List.of(), same.differences());
    assertEquals(0, same.excused());
  }

  @Test
  void aLineWithoutAnEventIsMissedWhateverWasKilled() {
    TortureCase lost =
        postfix()
            .fault(Kind.MTA_KILLED)
            .fault(Kind.DISK_FAILED)
            .logged(postfixLine("sent", "2.0.0", REPLY));

    lost.requireDifference("missing");
  }

  @Test
  void aKilledPostfixNeedNotHaveLoggedWhatAnExchangerHas() {
    TortureCase unlogged = postfix().copies(ALL).told(relayed("pass"));

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
    TortureCase unlogged = postfix().copies(ALL).told(relayed("pass"));

    unlogged.faultAt(NOON.plusSeconds(1), Kind.MTA_KILLED).requireAgreement(1);
    unlogged.faultAt(NOON.plusSeconds(5), Kind.MTA_KILLED).requireDifference("invented");
    unlogged.faultAt(NOON.minusSeconds(5), Kind.MTA_KILLED).requireDifference("invented");
  }

  @Test
  void aFailureThatNoExchangerGaveIsInventedInSpiteOfTheKill() {
    String reply = "550 5.1.1 no such user here";
    TortureCase unlogged = postfix().fault(Kind.MTA_KILLED).told(failed(reply));

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
    TortureCase unlogged = postfix().copies(ALL).told(delivered);

    unlogged.requireDifference("invented");
    unlogged.fault(Kind.BOTH_KILLED).requireAgreement(1);
    unlogged.copies(NONE).fault(Kind.BOTH_KILLED).requireDifference("invented");
  }

  @Test
  void theEndOfAnAliasTargetNeedNotBeLogged() {
    String refused = "connect to mx.test[127.0.0.1]:25: Connection refused";
    TortureCase unlogged =
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

  @Test
  void norNeedAnAliasOfWhichNoTargetCouldBeLogged() {
    News expanded =
        new News(
            "expanded",
            "pass",
            Optional.of("many@alias.test"),
            Optional.empty(),
            Optional.of("2.0.0"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of("alias expanded"));
    TortureCase unlogged =
        postfix()
            .copies(ALL)
            .told(expanded)
            .told(ofTarget("unreported", Optional.empty(), "no delivery agent told how"));

    unlogged.requireDifference("invented");
    unlogged.fault(Kind.DAEMON_KILLED).requireDifference("invented");
    unlogged.copies(NONE).fault(Kind.MTA_KILLED).requireDifference("invented");
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
    TortureCase untold = postfix().logged(deferral).copies(ALL).told(relayed("pass"));

    untold.fault(Kind.MTA_KILLED).logged(postfixLine("sent", "2.0.0", REPLY)).requireAgreement(1);
    untold.logged(postfixLine("sent", "2.0.0", REPLY)).requireDifference("missing");
  }

  @Test
  void theWordsOfAPassThatEndedBeforeTheKillWereTold() {
    String deferral = postfixLine("deferred", "4.4.1", "connect to mx.test: Connection refused");
    TortureCase ended =
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
    TortureCase waiting =
        postfix()
            .logged(deferral)
            .logged("Nov 28 13:00:02 h postfix/master[7]: daemon started -- version 3.7.11");

    waiting.faultAt(NOON.plusSeconds(3600), Kind.MTA_KILLED).requireDifference("missing");
    waiting.faultAt(NOON.plusSeconds(1), Kind.MTA_KILLED).requireNoDifference("missing");
  }

  @Test
  void aPassThatWasUnderWayWhileTheDaemonWasFrozenWasNotTold() {
    String deferral = postfixLine("deferred", "4.4.1", "connect to mx.test: Connection refused");
    TortureCase late = postfix().logged(deferral).faultAt(NOON.plusSeconds(6), Kind.MTA_KILLED);

    late.requireDifference("missing");
    late.faultFor(NOON.plusSeconds(1), 4, Kind.DAEMON_FROZEN).requireNoDifference("missing");
  }

  @Test
  void aPassThatCameWithAllOthersBehindTheDaemonsStartWasNotTold() {
    String deferral = postfixLine("deferred", "4.4.1", "connect to mx.test: Connection refused");
    TortureCase late = postfix().logged(deferral).faultAt(NOON.plusSeconds(4), Kind.MTA_KILLED);
    Instant stop = NOON.minusSeconds(9);

    late.requireDifference("missing");
    late.faultFor(stop, 5, Kind.DAEMON_STOPPED).requireDifference("missing");
    late.faultFor(stop, 10, Kind.DAEMON_STOPPED).requireNoDifference("missing");
    postfix()
        .logged(deferral)
        .faultFor(stop, 10, Kind.DAEMON_STOPPED)
        .faultAt(NOON.plusSeconds(8), Kind.MTA_KILLED)
        .requireDifference("missing");
  }

  @Test
  void nothingIsUntoldOfAMessageThatWasRemoved() {
    String deferral = postfixLine("deferred", "4.4.1", "connect to mx.test: Connection refused");
    TortureCase removed =
        postfix()
            .logged(deferral)
            .logged("Nov 28 12:00:00 h postfix/qmgr[7]: " + POSTFIX_ID + ": removed");

    removed.fault(Kind.MTA_KILLED).requireDifference("missing");
  }

  @Test
  void oneUntoldAttemptExcusesOne() {
    String deferral = postfixLine("deferred", "4.4.1", "connect to mx.test: Connection refused");
    TortureCase twice =
        postfix().logged(deferral).logged(pass(4)).logged(deferral.replace("12:00:00", "12:00:04"));

    twice.faultAt(NOON.plusSeconds(4), Kind.MTA_KILLED).requireDifference("missing");
  }

  private static String pass(int second) {
    return "Nov 28 12:00:0%d h postfix/qmgr[7]: %s: from=<s@local.test>, size=1, nrcpt=1 (queue active)"
        .formatted(second, POSTFIX_ID);
  }

  @Test
  void theSameFateTwiceInTheLogIsOfAKilledMta() {
    TortureCase twice =
        postfix()
            .logged(postfixLine("sent", "2.0.0", REPLY))
            .logged(postfixLine("sent", "2.0.0", REPLY))
            .told(relayed("pass"));

    twice.requireDifference("missing");
    twice.fault(Kind.MTA_KILLED).requireAgreement(1);
  }
}
