package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.mailjournal.relaytest.TorturePlan.Fault;
import org.mailjournal.relaytest.TorturePlan.Kind;
import org.mailjournal.relaytest.TorturePlan.OnFailure;

/** What torture does follows from its seed, and two faults last together where that has a sense. */
class TorturePlanTest {
  private static final Duration DAY = Duration.ofDays(1);

  private static final Set<Kind> OF_THE_DAEMON =
      EnumSet.of(
          Kind.DAEMON_KILLED,
          Kind.DAEMON_STOPPED,
          Kind.DAEMON_FROZEN,
          Kind.BOTH_KILLED,
          Kind.DISK_FAILED);

  @Test
  void aSeedReplaysItsPlan() {
    TorturePlan plan = TorturePlan.of(7, DAY, OnFailure.TEMPFAIL);

    assertEquals(plan, TorturePlan.of(7, DAY, OnFailure.TEMPFAIL));
    assertNotEquals(plan, TorturePlan.of(8, DAY, OnFailure.TEMPFAIL));
  }

  @Test
  void nothingIsBrokenTwiceAtOnce() {
    Set<List<Kind>> together = new HashSet<>();
    for (Fault fault : TorturePlan.of(7, DAY, OnFailure.TEMPFAIL).faults()) {
      assertTrue(
          fault.kinds().stream().filter(OF_THE_DAEMON::contains).count() < 2, fault::toString);
      if (fault.kinds().size() == 2) {
        together.add(fault.kinds());
      }
    }

    assertTrue(
        together.containsAll(
            List.of(
                List.of(Kind.DISK_FULL, Kind.DAEMON_KILLED),
                List.of(Kind.DAEMON_KILLED, Kind.DISK_FULL),
                List.of(Kind.CLOCK_MOVED, Kind.MTA_KILLED),
                List.of(Kind.EXCHANGERS_GONE, Kind.BOTH_KILLED))),
        together::toString);
    assertFalse(together.contains(List.of(Kind.DISK_FULL, Kind.DISK_FAILED)));
    assertFalse(together.contains(List.of(Kind.BOTH_KILLED, Kind.MTA_KILLED)));
  }

  @Test
  void aDiskIsMendedBeforeTheDaemonStartsAndTheMtaStartsLast() {
    assertEquals(
        List.of(Kind.DISK_FAILED, Kind.MTA_KILLED),
        fault(Kind.MTA_KILLED, Kind.DISK_FAILED).toEnd());
    assertEquals(
        List.of(Kind.DISK_FULL, Kind.DAEMON_KILLED),
        fault(Kind.DAEMON_KILLED, Kind.DISK_FULL).toEnd());
    assertEquals(
        List.of(Kind.DAEMON_FROZEN, Kind.MTA_KILLED),
        fault(Kind.MTA_KILLED, Kind.DAEMON_FROZEN).toEnd());
  }

  @Test
  void onlyTheClockJumps() {
    Fault both = fault(Kind.CLOCK_MOVED, Kind.MTA_KILLED);

    assertNotEquals(Duration.ZERO, both.jump(Kind.CLOCK_MOVED));
    assertEquals(Duration.ZERO, both.jump(Kind.MTA_KILLED));
  }

  @Test
  void theClockStaysRightWhereGapsAreToldByItsTimes() {
    List<Fault> faults = TorturePlan.of(7, DAY, OnFailure.ACCEPT).faults();

    assertFalse(faults.isEmpty());
    assertTrue(faults.stream().noneMatch(fault -> fault.kinds().contains(Kind.CLOCK_MOVED)));
  }

  private static Fault fault(Kind... kinds) {
    return new Fault(Duration.ofSeconds(1), List.of(kinds), Duration.ofSeconds(1));
  }
}
