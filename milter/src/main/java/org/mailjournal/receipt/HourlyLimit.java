package org.mailjournal.receipt;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.mailjournal.journal.Address;

/**
 * No more than so many receipts to one sender, with whatever tag, within an hour; forgotten when
 * the daemon ends.
 */
final class HourlyLimit {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int SWEEP = 10_000;

  private final int most;
  private final Map<String, Deque<Instant>> sent = new HashMap<>();

  HourlyLimit(int most) {
    this.most = most;
  }

  int most() {
    return most;
  }

  /** Takes a place; empty when that was possible, else the moment at which one is free again. */
  synchronized Optional<Instant> take(Address sender, Instant now) {
    if (sent.size() > SWEEP) {
      sent.values().removeIf(times -> times.isEmpty() || isOver(times.getLast(), now));
    }
    Deque<Instant> times = sent.computeIfAbsent(Rules.mailbox(sender), a -> new ArrayDeque<>());
    while (!times.isEmpty() && isOver(times.getFirst(), now)) {
      times.removeFirst();
    }
    if (times.size() >= most) {
      return Optional.of(times.getFirst().plus(HOUR));
    }
    times.addLast(now);
    return Optional.empty();
  }

  /** Gives back a place that was not needed. */
  synchronized void giveBack(Address sender) {
    Deque<Instant> times = sent.get(Rules.mailbox(sender));
    if (times != null) {
      times.pollLast();
    }
  }

  /** Also when the clock was set back since: nobody is to wait for it. */
  private static boolean isOver(Instant moment, Instant now) {
    return !moment.plus(HOUR).isAfter(now) || moment.isAfter(now);
  }
}
