package org.mailjournal.receipt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mailjournal.journal.Address;

/** Who may have another receipt now, and when everybody else may. */
class HourlyLimitTest {
  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
  private static final Address ADA = new Address("ada@example.org");

  @Test
  void tagsDoNotMakeManySendersOfOne() {
    HourlyLimit limit = new HourlyLimit(1);

    assertEquals(Optional.empty(), limit.take(new Address("ada+1@example.org"), "r1", NOON));
    assertTrue(limit.take(new Address("Ada+2@example.org"), "r2", NOON).isPresent());
    limit.giveBack(new Address("ada@example.org"));
    assertEquals(Optional.empty(), limit.take(new Address("ada@example.org"), "r2", NOON));
  }

  @Test
  void whoWaitsForTheLimitIsGivenAMomentOfHisOwn() {
    HourlyLimit limit = new HourlyLimit(2);
    limit.take(ADA, "r1", NOON);
    limit.take(ADA, "r2", NOON.plusSeconds(60));

    assertEquals(Optional.of(NOON.plusSeconds(3600)), limit.take(ADA, "r3", NOON));
    assertEquals(Optional.of(NOON.plusSeconds(3660)), limit.take(ADA, "r4", NOON));
    assertEquals(Optional.of(NOON.plusSeconds(7200)), limit.take(ADA, "r5", NOON));
    assertEquals(Optional.of(NOON.plusSeconds(3600)), limit.take(ADA, "r3", NOON), "the same");
    assertEquals(Optional.empty(), limit.take(ADA, "r3", NOON.plusSeconds(3600)));
  }
}
