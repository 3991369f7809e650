package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mailjournal.relaytest.TorturePlan.Kind;
import org.mailjournal.relaytest.TortureWorld.MailSystem;

/**
 * The short form of {@code ./check --torture}: always the same plan, so that it may not surprise.
 */
class TortureTest {
  private static final long SEED = 4093;
  private static final Duration TIME = Duration.ofSeconds(45);

  @ParameterizedTest
  @EnumSource
  void nothingIsLostDoubledOrInvented(MailSystem system) {
    Optional<String> reason = TortureWorld.unavailable(system);
    Assumptions.assumeTrue(reason.isEmpty(), () -> reason.orElse(""));

    TortureRun.Result result =
        new TortureRun(system, plan(SEED), true, Worlds::inProcess, System.out).run();

    assertEquals(List.of(), result.problems());
    assertTrue(result.accepted() > 0, "no message was accepted");
  }

  @Test
  void whereNothingWasJudgedTheExitStatusSaysSo() {
    assertEquals(2, Torture.status(0, 0));
    assertEquals(0, Torture.status(1, 0));
    assertEquals(1, Torture.status(2, 3));
  }

  /** Reports are judged strictly then, and nobody waits two minutes for the queue audit. */
  @Test
  void thePlanKillsTheDaemonAndNeverTheMta() {
    Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    plan(SEED).faults().forEach(fault -> kinds.addAll(fault.kinds()));

    assertEquals(EnumSet.complementOf(EnumSet.of(Kind.MTA_KILLED, Kind.BOTH_KILLED)), kinds);
    assertTrue(plan(SEED).faults().stream().anyMatch(fault -> fault.kinds().size() == 2));
  }

  private static TorturePlan plan(long seed) {
    return TorturePlan.of(seed, TIME, TorturePlan.OnFailure.TEMPFAIL);
  }
}
