package org.mailjournal.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;

/** Moments as text for people who read it now: local, with offset. */
record Times(ZoneId zone, Instant now) {
  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("uuuu-MM-dd");
  private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("HH:mm:ss");
  private static final DateTimeFormatter LONG =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss xx");
  private static final DateTimeFormatter EXACT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS xx");

  /** {@code 2026-11-24 05:34:39 +0000}. */
  String full(Instant moment) {
    return LONG.format(moment.atZone(zone));
  }

  /** As {@link #full}, with milliseconds. */
  String exact(Instant moment) {
    return EXACT.format(moment.atZone(zone));
  }

  /** The time of day; with its date where that is another than the one the reader has in sight. */
  String beside(Instant seen, Instant moment) {
    ZonedDateTime there = moment.atZone(zone);
    String time = SECONDS.format(there);
    boolean sameDay = there.toLocalDate().equals(seen.atZone(zone).toLocalDate());
    boolean sameOffset = there.getOffset().equals(seen.atZone(zone).getOffset());
    if (sameDay && sameOffset) {
      return time;
    }
    return sameOffset ? DAY.format(there) + " " + time : full(moment);
  }
}
