package org.mailjournal.relaytest;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.mailjournal.relaytest.TorturePlan.Kind;

/** The faults that there were. */
record Troubles(List<Trouble> all) {
  /** How long an MTA may need from a next hop's reply to its own queue file and log. */
  private static final Duration SLACK = Duration.ofSeconds(10);

  /**
   * A fault while it lasted.
   *
   * @param jump how far the daemon's clock was off meanwhile
   */
  record Trouble(Kind kind, Instant from, Instant to, Duration jump) {
    private boolean isAround(Instant time) {
      return from.isBefore(time.plus(SLACK)) && to.isAfter(time.minus(SLACK));
    }
  }

  Troubles {
    all = List.copyOf(all);
  }

  boolean any(Set<Kind> kinds) {
    return all.stream().anyMatch(t -> kinds.contains(t.kind()));
  }

  long count(Set<Kind> kinds) {
    return all.stream().filter(t -> kinds.contains(t.kind())).count();
  }

  /** Whether one of these kinds lasted at that time, or shortly before or behind. */
  boolean isAround(Instant time, Set<Kind> kinds) {
    return all.stream().anyMatch(t -> kinds.contains(t.kind()) && t.isAround(time));
  }

  /** The same for a time that the daemon told, whose clock may have been off. */
  boolean isAroundTold(Instant time, Set<Kind> kinds) {
    return isAround(time, kinds)
        || all.stream()
            .filter(t -> !t.jump().isZero() && t.isAround(time.minus(t.jump())))
            .anyMatch(t -> isAround(time.minus(t.jump()), kinds));
  }
}
