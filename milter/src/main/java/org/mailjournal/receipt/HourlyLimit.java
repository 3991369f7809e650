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
  private final Map<String, Sender> senders = new HashMap<>();

  /**
   * What there is of one.
   *
   * @param sent when he got those of the last hour
   * @param promised to receipts that wait, each a moment of its own: at one moment for all, all
   *     would be read from the journal for the one that has the place
   */
  private record Sender(Deque<Instant> sent, Map<String, Instant> promised) {
    static Sender any() {
      return new Sender(new ArrayDeque<>(), new HashMap<>());
    }

    void sweep(Instant now) {
      while (!sent.isEmpty() && isOver(sent.getFirst(), now)) {
        sent.removeFirst();
      }
      promised.values().removeIf(moment -> sent.isEmpty() || !moment.isAfter(now));
    }
  }

  HourlyLimit(int most) {
    this.most = most;
  }

  int most() {
    return most;
  }

  /** Takes a place; empty when that was possible, else the moment at which one is free again. */
  synchronized Optional<Instant> take(Address address, String receiptId, Instant now) {
    if (senders.size() > SWEEP) {
      senders.values().forEach(sender -> sender.sweep(now));
      senders.values().removeIf(sender -> sender.sent().isEmpty());
    }
    Sender sender = senders.computeIfAbsent(Rules.mailbox(address), a -> Sender.any());
    sender.sweep(now);
    if (sender.sent().size() < most) {
      sender.sent().addLast(now);
      return Optional.empty();
    }
    return Optional.of(sender.promised().computeIfAbsent(receiptId, any -> next(sender)));
  }

  private Instant next(Sender sender) {
    int before = sender.promised().size();
    Instant place = sender.sent().stream().skip(before % most).findFirst().orElseThrow();
    return place.plus(HOUR.multipliedBy(1 + before / most));
  }

  /** Gives back a place that was not needed. */
  synchronized void giveBack(Address address) {
    Sender sender = senders.get(Rules.mailbox(address));
    if (sender != null) {
      sender.sent().pollLast();
    }
  }

  /** Also when the clock was set back since: nobody is to wait for it. */
  private static boolean isOver(Instant moment, Instant now) {
    return !moment.plus(HOUR).isAfter(now) || moment.isAfter(now);
  }
}
