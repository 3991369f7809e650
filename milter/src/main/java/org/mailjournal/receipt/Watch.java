package org.mailjournal.receipt;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.mailjournal.journal.JournalException;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.LivedTime;

/**
 * The clock of the machine, which can be set, and the uptime, which cannot. What is given up after
 * days is given up by the time that was lived through: nothing takes it back.
 */
final class Watch {
  private final Clock clock;
  private final LongSupplier nanos;
  private final SetBack setBack;
  private final LivedTime lived;

  private Watch(Clock clock, LongSupplier nanos, LivedTime lived) {
    this.clock = clock;
    this.nanos = nanos;
    this.setBack = new SetBack(clock, nanos);
    this.lived = lived;
  }

  /**
   * Begins to look, before anything is recorded by the clock.
   *
   * @param nanos which nobody can set: {@link System#nanoTime}
   */
  static Watch begin(JournalReader journal, Clock clock, LongSupplier nanos) {
    Watch watch = new Watch(clock, nanos, new LivedTime(nanos, now -> proven(journal, now)));
    watch.lived();
    return watch;
  }

  /** Who was away for long waits for a day more, no worse. */
  private static Instant proven(JournalReader journal, Instant now) {
    try {
      return LivedTime.proven(journal, now);
    } catch (JournalException damaged) {
      return now;
    }
  }

  Instant now() {
    return clock.instant();
  }

  long nanos() {
    return nanos.getAsLong();
  }

  /** The time, unless the clock was set ahead: then what has passed by the uptime. */
  Instant lived() {
    return lived.by(clock.instant());
  }

  /** By how much the clock was set back since this was asked last; zero when it was not. */
  Duration setBack() {
    return setBack.sinceLast();
  }
}
