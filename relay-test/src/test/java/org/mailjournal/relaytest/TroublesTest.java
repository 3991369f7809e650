package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mailjournal.relaytest.TorturePlan.Kind;
import org.mailjournal.relaytest.Troubles.Trouble;

/** How near a fault must be. */
class TroublesTest {
  private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");
  private static final Set<Kind> KILLS = Set.of(Kind.MTA_KILLED, Kind.BOTH_KILLED);

  @Test
  void aKillExplainsWhatWasDoneInTheTwoSecondsBefore() {
    Troubles killed = postfix(fault(Kind.MTA_KILLED, 0, 20));

    assertTrue(killed.isAround(second(-1), KILLS));
    assertTrue(killed.isAround(second(2), KILLS), "what was on its way to an exchanger");
    assertFalse(killed.isAround(second(-3), KILLS));
    assertFalse(killed.isAround(second(5), KILLS), "nothing lives any more that could forget it");
    assertFalse(killed.isAround(second(19), KILLS), "at the new start");
  }

  @Test
  void whatLastsExplainsAsLongAsItLasts() {
    Troubles failed = postfix(fault(Kind.DISK_FAILED, 0, 20));

    assertTrue(failed.isAround(second(19), Set.of(Kind.DISK_FAILED)));
    assertFalse(failed.isAround(second(23), Set.of(Kind.DISK_FAILED)));
  }

  @Test
  void sendmailWritesItsQueueFileWhenItHasTriedEverybody() {
    Trouble killed = fault(Kind.MTA_KILLED, 0, 1);

    assertTrue(sendmail(killed).isAround(second(-4), KILLS));
    assertFalse(postfix(killed).isAround(second(-4), KILLS));
    assertFalse(sendmail(killed).isAround(second(-6), KILLS));
  }

  @Test
  void aRelayThatIsKilledBehindItsReplyWasHeardLongBefore() {
    Set<Kind> end = Set.of(Kind.DAEMON_KILLED);

    assertTrue(sendmail(fault(Kind.DAEMON_KILLED, 0, 1)).isAround(second(-2), end));
    assertFalse(sendmail(fault(Kind.DAEMON_KILLED, 0, 1)).isAround(second(-3), end));
  }

  @Test
  void aFrozenDaemonIsWaitedForTenSecondsAtMost() {
    Trouble killed = fault(Kind.DAEMON_KILLED, 0, 1);
    Set<Kind> end = Set.of(Kind.DAEMON_KILLED);

    assertTrue(sendmail(fault(Kind.DAEMON_FROZEN, -5, -1), killed).isAround(second(-6), end));
    assertFalse(sendmail(fault(Kind.DAEMON_FROZEN, -5, -3), killed).isAround(second(-6), end));
    assertFalse(sendmail(fault(Kind.DAEMON_FROZEN, -12, 0), killed).isAround(second(-11), end));
    assertFalse(
        postfix(fault(Kind.DAEMON_FROZEN, -5, -1), fault(Kind.MTA_KILLED, 0, 1))
            .isAround(second(-6), KILLS),
        "Postfix's delivery agents wait for nobody");
  }

  @Test
  void theReachOfAKindIsSaidInPartsOfTheRun() {
    Troubles run = postfix(fault(Kind.DISK_FULL, 0, 1), fault(Kind.MTA_KILLED, 50, 100));

    assertEquals(4, run.percent(at -> run.isAround(at, KILLS)));
    assertEquals(0, postfix().percent(at -> true) - 100);
  }

  private static Troubles postfix(Trouble... all) {
    return new Troubles(List.of(all), false);
  }

  private static Troubles sendmail(Trouble... all) {
    return new Troubles(List.of(all), true);
  }

  private static Trouble fault(Kind kind, int from, int to) {
    return new Trouble(kind, second(from), second(from), second(to), Duration.ZERO);
  }

  private static Instant second(int number) {
    return NOON.plusSeconds(number);
  }
}
