package org.mailjournal.journal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that somebody can set, beside a time that only passes. */
public final class SetClock extends Clock {
  private Instant now;
  private long nanos;

  public SetClock(Instant begin) {
    now = begin;
  }

  /** Time passes. */
  public void pass(Duration time) {
    now = now.plus(time);
    nanos += time.toNanos();
  }

  /** Somebody sets the clock; a negative duration sets it back. */
  public void set(Duration forward) {
    now = now.plus(forward);
  }

  /** As {@link System#nanoTime}. */
  public long nanos() {
    return nanos;
  }

  @Override
  public Instant instant() {
    return now;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException();
  }
}
