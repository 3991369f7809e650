package org.mailjournal.egress;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.JournalException;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages that a next hop took, without our client having shown by its next command that it knows.
 * When it comes again with one, it gets the same answer, and the next hop no second copy. After a
 * crash nobody knows who had been told: the journal's last ones are in doubt then.
 *
 * <p>What makes it the same is the {@link Fingerprint} behind the attempt of its event, not the
 * queue id alone, which somebody else's MTA could have in a field of ours.
 */
final class Doubts {
  private static final Logger LOG = LoggerFactory.getLogger(Doubts.class);
  private static final int MOST = 10_000;

  /** Events, of all kinds: more than can be under way on all connections. */
  private static final int LOOK_BACK = 5_000;

  private static final Duration AHEAD = Duration.ofDays(36_500);
  private static final int FINGERPRINT = 2;

  private final Map<String, Event.Outcome> open =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Event.Outcome> eldest) {
          return size() > MOST;
        }
      };

  private final Map<String, String> held = new HashMap<>();

  /** The attempt of an event, with what is found again by it. */
  static String attempt(String number, Optional<String> fingerprint) {
    return number + fingerprint.map(f -> "-" + f).orElse("");
  }

  private static Optional<String> fingerprint(Event.Outcome outcome) {
    String[] parts = outcome.attempt().split("-", FINGERPRINT + 1);
    return parts.length > FINGERPRINT ? Optional.of(parts[FINGERPRINT]) : Optional.empty();
  }

  /** Of these, the MTA may not have heard. */
  synchronized void add(List<Event.Outcome> outcomes) {
    for (Event.Outcome outcome : outcomes) {
      boolean taken =
          outcome.source() == Source.EGRESS
              && outcome.status() == Status.RELAYED
              && outcome.reply().isPresent();
      if (taken) {
        fingerprint(outcome).ifPresent(print -> open.put(print, outcome));
      }
    }
  }

  /** Of these, it has. */
  synchronized void settle(Collection<String> fingerprints) {
    open.keySet().removeAll(fingerprints);
  }

  /** What the next hop said when it took this. */
  synchronized Optional<Event.Outcome> taken(String fingerprint) {
    return Optional.ofNullable(open.get(fingerprint));
  }

  /** The next hop is not to be asked for the recipient while this is in doubt. */
  synchronized void hold(String sender, String path, String fingerprint) {
    held.values().retainAll(open.keySet());
    held.put(sender + path, fingerprint);
  }

  synchronized void release(String sender, String path) {
    held.remove(sender + path);
  }

  synchronized boolean isHeld(String sender, String path) {
    return Optional.ofNullable(held.get(sender + path)).filter(open::containsKey).isPresent();
  }

  /** Looks for what the life before this one may have left. */
  void load(JournalReader reader, Clock clock) {
    AtomicInteger damaged = new AtomicInteger();
    try {
      long last = reader.sequenceBefore(clock.instant().plus(AHEAD));
      reader.eachAfter(
          Math.max(0, last - LOOK_BACK),
          recorded -> {
            if (recorded.event() instanceof Event.Outcome outcome) {
              add(List.of(outcome));
            }
          },
          damage -> {
            if (damaged.getAndIncrement() == 0) {
              LOG.warn("egress: of what was told last, one is not known: {}", damage);
            }
          });
    } catch (JournalException unreadable) {
      LOG.warn("egress: what was told last is not known: {}", unreadable.getMessage());
    }
    if (damaged.get() > 1) {
      LOG.warn("egress: nor are {} others", damaged.get() - 1);
    }
  }
}
