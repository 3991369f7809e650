package org.mailjournal.receipt;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * Sees when the clock of the machine is set back. What was planned by the clock before would be
 * late by as much.
 */
final class SetBack {
  /** Less is NTP at work, and nobody waits for it. */
  private static final Duration NOTICED = Duration.ofSeconds(1);

  private final Clock clock;
  private final LongSupplier nanos;
  private Instant lastTime;
  private long lastNanos;

  /**
   * Watches a clock.
   *
   * @param nanos which nobody can set: {@link System#nanoTime}
   */
  SetBack(Clock clock, LongSupplier nanos) {
    this.clock = clock;
    this.nanos = nanos;
    this.lastTime = clock.instant();
    this.lastNanos = nanos.getAsLong();
  }

  /** By how much the clock was set back since this was asked last; zero when it was not. */
  Duration sinceLast() {
    Instant time = clock.instant();
    long now = nanos.getAsLong();
    Duration back = Duration.between(time, lastTime.plusNanos(now - lastNanos));
    lastTime = time;
    lastNanos = now;
    return back.compareTo(NOTICED) > 0 ? back : Duration.ZERO;
  }
}
