package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mailjournal.relaytest.TortureWorld.MailSystem;

/**
 * The short form of {@code ./check --torture}: always the same plan, so that it may not surprise.
 */
class TortureTest {
  private static final long SEED = 31;
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
  void aSeedReplaysItsPlan() {
    assertEquals(plan(7), plan(7));
    assertTrue(plan(7).faults().size() > 3);
  }

  private static TorturePlan plan(long seed) {
    return TorturePlan.of(seed, TIME, TorturePlan.OnFailure.TEMPFAIL);
  }
}
