package org.mailjournal.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Counts of what was received since a moment.
 *
 * @param recipients how many recipients have each status now; every status has an entry
 * @param delay from reception to the final status of relayed and delivered recipients
 * @param exchangers the busiest first, at most ten
 */
public record Statistics(
    Instant since,
    long messages,
    Map<Status, Long> recipients,
    long oddities,
    Optional<Delay> delay,
    List<Exchanger> exchangers) {
  public Statistics {
    recipients = Map.copyOf(recipients);
    exchangers = List.copyOf(exchangers);
  }

  /** Percentiles of the time to a final status. */
  public record Delay(Duration p50, Duration p95, Duration max) {}

  /** One remote MTA and what it said. */
  public record Exchanger(String mta, long relayed, long delayed, long failed) {}
}
