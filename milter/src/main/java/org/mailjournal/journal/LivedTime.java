package org.mailjournal.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * Tells time that was lived through from a clock that was set ahead, by which a whole journal would
 * be old.
 *
 * <pre>
 *          at the first look it is ahead of what the journal proves,
 *          or later ran ahead of the uptime since the look before
 * believed ───────────────────────────────────────────────────────▶ doubted
 *    ▲                                                                │
 *    └──── it is right again, or did not do so for a day of uptime ───┘
 * </pre>
 */
public final class LivedTime {
  /** Between two looks; less is a clock that is put right. */
  private static final Duration NOTICED = Duration.ofMinutes(5);

  private static final Duration DAY = Duration.ofDays(1);

  private static final Duration PROBATION = DAY;

  private final LongSupplier nanos;
  private final UnaryOperator<Instant> proven;
  private Optional<Look> last = Optional.empty();
  private Optional<Look> believed = Optional.empty();
  private Optional<Look> doubted = Optional.empty();

  /**
   * Time that is looked at now and then.
   *
   * @param nanos which nobody can set: {@link System#nanoTime}
   * @param proven up to when time is known to have passed, for a clock that says that it is now
   */
  public LivedTime(LongSupplier nanos, UnaryOperator<Instant> proven) {
    this.nanos = nanos;
    this.proven = proven;
  }

  /**
   * The time by a clock that says that it is now: while it is doubted, as far as was lived through.
   */
  public synchronized Instant by(Instant now) {
    if (isBelieved(now)) {
      return now;
    }
    Look since = believed.orElseThrow();
    return since.time.plusNanos(nanos.getAsLong() - since.nanos);
  }

  /**
   * Up to when time is known to have passed: what the journal had seen a day ago, and that day.
   * What is younger is no proof, for this daemon or the one before may have written it by the clock
   * that is in question.
   */
  public static Instant proven(JournalReader journal, Instant now) {
    long sequence = journal.sequenceBefore(now.minus(DAY));
    return sequence == 0 ? now : journal.eventsAfter(sequence - 1, 1).get(0).event().at().plus(DAY);
  }

  private record Look(Instant time, long nanos) {
    private boolean isAheadOf(Look other) {
      return time.isAfter(other.time.plus(other.until(this)).plus(NOTICED));
    }

    private Duration until(Look later) {
      return Duration.ofNanos(later.nanos - nanos);
    }
  }

  /** Whether a clock that says that it is now may be believed. */
  public synchronized boolean isBelieved(Instant now) {
    Look look = new Look(now, nanos.getAsLong());
    if (last.isEmpty()) {
      last = Optional.of(new Look(proven.apply(now), look.nanos));
      believed = last;
    }
    if (last.filter(look::isAheadOf).isPresent()) {
      doubted = Optional.of(look);
    }
    last = Optional.of(look);
    boolean isOnProbation =
        doubted.filter(since -> since.until(look).compareTo(PROBATION) < 0).isPresent();
    if (isOnProbation && believed.filter(look::isAheadOf).isPresent()) {
      return false;
    }
    doubted = Optional.empty();
    believed = last;
    return true;
  }
}
