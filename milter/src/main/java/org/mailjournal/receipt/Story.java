package org.mailjournal.receipt;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.ReceiptEvent;
import org.mailjournal.journal.ReceiptKind;
import org.mailjournal.journal.RecordedEvent;

/** What one message's events say of its receipts: what was decided, begun and done. */
final class Story {
  /**
   * Behind which no news is expected: MTAs keep mail for 4 to 5 days (RFC 5321 section 4.5.4.1),
   * and what sendmail does with a recipient that it rewrites comes to nobody's ears.
   */
  static final Duration SILENCE = Duration.ofDays(7);

  /** Until a clock that is doubted is asked again. */
  private static final Duration DOUBT = Duration.ofHours(1);

  private final History history = new History();
  private final Map<ReceiptKind, ReceiptEvent.Due> due = new EnumMap<>(ReceiptKind.class);
  private final Set<ReceiptKind> done = EnumSet.noneOf(ReceiptKind.class);
  private Optional<ReceiptEvent.Wanted> wanted = Optional.empty();
  private Instant lastNews = Instant.EPOCH;

  /** Takes in the next event of the message. */
  void add(RecordedEvent recorded) {
    history.accept(recorded);
    apply(recorded.event());
  }

  /** Takes in what was recorded of a later hop of the same message. */
  void addLater(RecordedEvent recorded) {
    history.accept(recorded);
    if (!(recorded.event() instanceof ReceiptEvent)) {
      apply(recorded.event());
    }
  }

  private void apply(Event event) {
    if (event instanceof ReceiptEvent.Wanted first) {
      wanted = Optional.of(first);
    } else if (event instanceof ReceiptEvent.Due begun) {
      due.put(begun.receipt(), begun);
    } else if (event instanceof ReceiptEvent.Sent sent) {
      done.add(sent.receipt());
    } else if (event instanceof ReceiptEvent.Abandoned abandoned) {
      done.add(abandoned.receipt());
    } else if (event.at().isAfter(lastNews)) {
      lastNews = event.at();
    }
  }

  /** What a receipt can tell. */
  History history() {
    return history;
  }

  Optional<Address> to() {
    return wanted.map(ReceiptEvent.Wanted::to);
  }

  /** Whether nothing is to come any more. */
  boolean isOver() {
    return wanted.isEmpty() || done.contains(ReceiptKind.FINAL);
  }

  /** Begun and not done. */
  Optional<ReceiptEvent.Due> open(ReceiptKind kind) {
    return done.contains(kind) ? Optional.empty() : Optional.ofNullable(due.get(kind));
  }

  /** What is to be done for a message at a moment. */
  sealed interface Next {
    /** Commit the intention to send one. */
    record Begin(ReceiptKind kind) implements Next {}

    /** Send one that was begun. */
    record Send(ReceiptEvent.Due due) implements Next {}

    /** Look again then, or when there is news. */
    record Wait(Instant until) implements Next {}

    /** Nothing is left to be done. */
    record End() implements Next {}
  }

  /**
   * The next step. A message is only taken for finished when nothing was learnt of it for a moment:
   * an MTA tells of one pass in several requests, and an alias's first target may come alone.
   *
   * @param lived the moment, or an earlier one if the clock was set ahead: silence is not given up
   *     for days that nobody lived through
   */
  Next next(boolean isFinished, Instant now, Instant lived, Instant patienceEnds, Duration quiet) {
    if (isOver()) {
      return new Next.End();
    }
    if (open(ReceiptKind.FINAL).isPresent()) {
      return new Next.Send(open(ReceiptKind.FINAL).get());
    }
    if (isFinished) {
      Instant quietSince = lastNews.plus(quiet);
      // News of a later moment than now came before the clock was set back.
      return quietSince.isAfter(now) && !lastNews.isAfter(now)
          ? new Next.Wait(quietSince)
          : new Next.Begin(ReceiptKind.FINAL);
    }
    if (open(ReceiptKind.INTERIM).isPresent()) {
      return new Next.Send(open(ReceiptKind.INTERIM).get());
    }
    if (done.contains(ReceiptKind.INTERIM)) {
      Instant silent = lastNews.plus(SILENCE);
      if (!silent.isAfter(lived)) {
        return new Next.Begin(ReceiptKind.FINAL);
      }
      return new Next.Wait(silent.isAfter(now) ? silent : now.plus(DOUBT));
    }
    return patienceEnds.isAfter(now)
        ? new Next.Wait(patienceEnds)
        : new Next.Begin(ReceiptKind.INTERIM);
  }
}
