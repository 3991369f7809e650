package org.mailjournal.egress;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mailjournal.journal.Event;

/**
 * Looks, in one transaction, for what a next hop has taken before ({@link Doubts}).
 *
 * <p>One reply ends the content for all recipients. Where some have it and some do not, the MTA is
 * asked to come again, and then the next hop is not asked for those that have it:
 *
 * <pre>
 *   some have it ──451──▶ MTA comes again ──▶ those are held, the others go to the next hop
 * </pre>
 */
final class SecondAttempt {
  /** What the content turns out to be. */
  enum Kind {
    /** Nobody had it. */
    NEW,
    /** All had it. */
    WHOLE,
    /** Those had it for whom the next hop was not asked. */
    REST,
    /** Some had it for whom the next hop was asked, or the other way round. */
    MIXED
  }

  private final Doubts doubts;
  private final String sender;
  private final Fingerprint fingerprint = new Fingerprint();
  private final List<String> fingerprints = new ArrayList<>();
  private final List<Event.Outcome> taken = new ArrayList<>();
  private Kind kind = Kind.NEW;

  SecondAttempt(Doubts doubts, String sender) {
    this.doubts = doubts;
    this.sender = sender;
  }

  void add(byte[] block, int length) {
    fingerprint.add(block, length);
  }

  /** Whether the next hop need not be asked, because this recipient seems to have it. */
  boolean holds(String path) {
    return doubts.isHeld(sender, path);
  }

  /** Gives what it brought to each recipient its fingerprint, and compares. */
  void end(List<Rcpt> recipients, HeaderSection.Facts facts) {
    Fingerprint.Content content = fingerprint.end(sender);
    int wrong = 0;
    for (Rcpt rcpt : recipients) {
      rcpt.fingerprint = content.of(rcpt.address);
      fingerprints.add(rcpt.fingerprint);
      Optional<Event.Outcome> before = doubts.taken(rcpt.fingerprint).filter(o -> isOf(o, facts));
      before.ifPresent(taken::add);
      wrong += before.isPresent() == rcpt.isHeld ? 0 : 1;
    }
    if (taken.size() == recipients.size()) {
      kind = Kind.WHOLE;
    } else if (wrong > 0) {
      kind = Kind.MIXED;
    } else if (!taken.isEmpty()) {
      kind = Kind.REST;
    }
  }

  private static boolean isOf(Event.Outcome outcome, HeaderSection.Facts facts) {
    return facts.own().filter(o -> o.queueId().equals(outcome.message().queueId())).isPresent();
  }

  Kind kind() {
    return kind;
  }

  /** What next hops said when they took it. */
  List<Event.Outcome> taken() {
    return taken;
  }

  List<String> fingerprints() {
    return fingerprints;
  }

  /** From now on, or no longer, the next hop is not asked for those that have it. */
  void holdFromNowOn(List<Rcpt> recipients) {
    for (Rcpt rcpt : recipients) {
      if (doubts.taken(rcpt.fingerprint).isPresent()) {
        doubts.hold(sender, rcpt.path, rcpt.fingerprint);
      } else if (rcpt.isHeld) {
        doubts.release(sender, rcpt.path);
      }
    }
  }
}
