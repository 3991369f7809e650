package org.mailjournal.egress;

import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.JournalException;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.QueueId;
import org.mailjournal.journal.Recorder;
import org.mailjournal.journal.Source;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Commits what next hops say, joined to the message that the journal knows ({@link Joiner}). */
final class Chronicle {
  private static final Logger LOG = LoggerFactory.getLogger(Chronicle.class);

  private final Commits commits;

  /** Two that make a new message of the same queue id must not make two of it. */
  private final Turns<QueueId> turns;

  private final JournalReader reader;
  private final EmergencyFile emergency;
  private final Joiner joiner;
  private final Clock clock;
  private final AtomicLong attempts = new AtomicLong();
  private final Doubts doubts = new Doubts();

  Chronicle(
      Recorder recorder,
      JournalReader reader,
      EmergencyFile emergency,
      Settings settings,
      Clock clock) {
    this.commits = new Commits(recorder, settings.timeouts().commit());
    this.turns = new Turns<>(settings.timeouts().commit());
    this.reader = reader;
    this.emergency = emergency;
    this.joiner = new Joiner(reader, settings);
    this.clock = clock;
  }

  Set<String> mtaNames() {
    return joiner.mtaNames();
  }

  /**
   * Records a transaction whose content came through. What the MTA has been told already, and what
   * the next hop took, is kept in the emergency file when the journal cannot take it.
   *
   * @param told refusals that were passed back at RCPT
   * @param fresh what is to be passed back next
   * @return whether everything is committed; if not, only good news of the fresh may be passed on
   */
  boolean end(
      HeaderSection.Facts facts,
      Address sender,
      long size,
      List<Verdict> told,
      List<Verdict> fresh) {
    List<Verdict> all = both(told, fresh);
    try {
      if (facts.own().isPresent()) {
        return end(facts, facts.own().get(), sender, size, told, fresh);
      }
      Joiner.Candidates candidates = joiner.candidates(sender, all).of(facts);
      Optional<Joiner.Subject> only = candidates.only();
      return only.isPresent()
          ? end(only.get(), told, fresh)
          : odd(unjoined(facts, sender, all, candidates.toString()));
    } catch (JournalException unreadable) {
      LOG.error("egress: {}, of a message for {}", unreadable.getMessage(), words(all));
      return facts
          .own()
          .map(own -> Joiner.made(facts, own, sender, size, all, now()))
          .map(made -> unread(made, told, fresh, unreadable))
          .orElseGet(
              () ->
                  isDamage(unreadable)
                      && odd(unjoined(facts, sender, all, unreadable.getMessage())));
    }
  }

  private boolean end(
      HeaderSection.Facts facts,
      HeaderSection.Own own,
      Address sender,
      long size,
      List<Verdict> told,
      List<Verdict> fresh) {
    List<Verdict> all = both(told, fresh);
    Joiner.Found found = joiner.found(Claim.of(own.queueId(), facts, sender));
    if (found.same().isPresent()) {
      return end(Joiner.Subject.of(found.same().get()), told, fresh);
    } else if (found.other().isPresent()) {
      String other = "another, " + found.other().get().key().id();
      boolean recorded = odd(unjoined(facts, sender, all, other));
      if (!recorded) {
        keep(Joiner.made(facts, own, sender, size, all, now()), told, fresh, stamp());
      }
      return recorded;
    }
    Supplier<Joiner.Subject> look = () -> joiner.subject(facts, own, sender, size, all, now());
    return turns.take(own.queueId(), () -> end(look.get(), told, fresh));
  }

  private static List<Verdict> both(List<Verdict> told, List<Verdict> fresh) {
    List<Verdict> all = new ArrayList<>(told);
    all.addAll(fresh);
    return all;
  }

  /**
   * Ends what concerns a message that cannot be read. Recorded as a new one it would leave the
   * first queued for ever; which it is can be asked when the emergency file is replayed.
   */
  private boolean unread(
      Joiner.Subject made, List<Verdict> told, List<Verdict> fresh, JournalException unreadable) {
    Stamp stamp = stamp();
    List<Verdict> all = both(told, fresh);
    doubts.add(stamp.batch(made, all).outcomes());
    // Waiting does not mend damage, and the MTA would come again for days.
    boolean recorded =
        isDamage(unreadable)
            && odd(
                "message %s cannot be read (%s); what became of its recipients: %s"
                    .formatted(made.key().queueId(), unreadable.getMessage(), words(all)));
    if (!recorded) {
      keep(made, told, fresh, stamp);
    }
    return recorded;
  }

  private static boolean isDamage(JournalException unreadable) {
    return unreadable.kind() == JournalException.Kind.PERMANENT;
  }

  private boolean end(Joiner.Subject subject, List<Verdict> told, List<Verdict> fresh) {
    Stamp stamp = stamp();
    Batch batch = stamp.batch(subject, both(told, fresh));
    // Also where the commit fails: a 250 is passed back all the same.
    doubts.add(batch.outcomes());
    boolean refuses = fresh.stream().anyMatch(v -> !v.answer().isPositive());
    if (commits.of(batch.events(), refuses) == Commits.Result.DONE) {
      return true;
    }
    keep(subject, told, fresh, stamp);
    return false;
  }

  /** Under the same stamp: a commit that only came too late has them already. */
  private void keep(Joiner.Subject subject, List<Verdict> told, List<Verdict> fresh, Stamp stamp) {
    List<Verdict> keep = new ArrayList<>(told);
    fresh.stream().filter(v -> v.answer().isPositive()).forEach(keep::add);
    if (!keep.isEmpty()) {
      emergency.append(stamp.batch(subject, keep));
    }
  }

  /** What of it next hops took before, unless our client has shown that it knows. */
  Doubts doubts() {
    return doubts;
  }

  /** Answers from the journal for the second time; what is committed is told beside it. */
  void repeated(List<Event.Outcome> taken) {
    commit(taken.stream().map(this::repeated).toList());
  }

  private Event repeated(Event.Outcome outcome) {
    String problem =
        "the MTA came again with a message for <"
            + outcome.recipient().address()
            + "> that the next hop had taken, and was given its answer from the journal: "
            + outcome.reply().orElse("");
    LOG.info("egress: {}: {}", outcome.message().queueId(), problem);
    return oddity(Optional.of(outcome.message()), problem);
  }

  /** What refusals without content came to. */
  enum Refused {
    /** Committed with the message that they concern. */
    RECORDED,
    /** It is not clear which message they concern, or it cannot be read. */
    UNCLEAR,
    /** The journal cannot be used. */
    FAILED
  }

  /** Records refusals in front of which no content came, before they are passed back. */
  Refused refused(Address sender, List<Verdict> verdicts) {
    try {
      Optional<Joiner.Subject> only = joiner.candidates(sender, verdicts).only();
      if (only.isEmpty()) {
        return Refused.UNCLEAR;
      }
      return commit(stamp().batch(only.get(), verdicts).events())
          ? Refused.RECORDED
          : Refused.FAILED;
    } catch (JournalException unreadable) {
      LOG.error("egress: {}", unreadable.getMessage());
      return isDamage(unreadable) ? Refused.UNCLEAR : Refused.FAILED;
    }
  }

  /** Ends a transaction of which refusals were passed back, and no content came. */
  void abandoned(Address sender, List<Verdict> told) {
    left(HeaderSection.Facts.NONE, sender, now(), told, List.of());
  }

  /**
   * Ends a transaction whose content never ended. Nothing is made of what came of it: it may lack
   * the half of its header.
   *
   * @param began when the MTA had the message already
   * @param told refusals that were passed back
   * @param unheard what our client left without; it is told nothing, so this need not wait anywhere
   */
  void left(
      HeaderSection.Facts facts,
      Address sender,
      Instant began,
      List<Verdict> told,
      List<Verdict> unheard) {
    List<Verdict> all = both(told, unheard);
    if (all.isEmpty()) {
      return;
    }
    try {
      Joiner.Candidates candidates =
          facts.own().isPresent() ? joiner.named(facts, sender) : joiner.candidates(sender, all);
      if (!unheard.isEmpty()) {
        // The MTA may have come again meanwhile, and be done with it.
        candidates = candidates.before(began);
      }
      Optional<Joiner.Subject> only = candidates.only();
      if (only.isPresent()) {
        end(only.get(), told, unheard);
      } else {
        odd(unjoined(facts, sender, all, candidates.toString()));
      }
    } catch (JournalException unreadable) {
      LOG.error("egress: {}; unrecorded: {}", unreadable.getMessage(), words(all));
      if (isDamage(unreadable)) {
        odd(unjoined(facts, sender, all, unreadable.getMessage()));
      }
    }
  }

  /**
   * Something that is wrong with a transaction, beside its outcome.
   *
   * @return whether it is committed
   */
  boolean odd(Optional<MessageKey> message, String problem) {
    return commit(List.of(oddity(message, problem)));
  }

  private boolean odd(String problem) {
    LOG.warn("egress: {}", problem);
    return odd(Optional.empty(), problem);
  }

  private Event.Oddity oddity(Optional<MessageKey> message, String problem) {
    return Event.Oddity.of(clock.instant(), Source.EGRESS, message, "egress", problem, new byte[0]);
  }

  /** Keeps room for what may have to wait, and learns what is in doubt. */
  void prepare() {
    doubts.load(reader, clock);
    emergency.prepare(batch -> doubts.add(batch.outcomes()));
  }

  /** Hands what waits in the emergency file to the journal. */
  void replay() {
    emergency.replay(new Replay(commits, joiner)::record);
  }

  private static String unjoined(
      HeaderSection.Facts facts, Address sender, List<Verdict> verdicts, String found) {
    String name =
        facts.own().map(own -> "with queue id " + own.queueId()).orElse("without a queue id");
    return "transaction of <%s> %s: expected one message that waits for %s, found %s"
        .formatted(sender, name, words(verdicts), found);
  }

  private static String words(List<Verdict> verdicts) {
    return verdicts.stream()
        .map(v -> "<" + v.recipient() + "> (" + v.answer().forTheRecord() + ")")
        .collect(Collectors.joining(", "));
  }

  private Stamp stamp() {
    Instant now = now();
    return new Stamp(now, Long.toString(now.toEpochMilli(), 36) + "-" + attempts.incrementAndGet());
  }

  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private boolean commit(List<Event> events) {
    return commits.of(events, true) == Commits.Result.DONE;
  }
}
