package org.mailjournal.receipt;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Moments in a language's words and the site's time zone, always with the offset. */
final class Moments {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss 'UTC'xxx", Locale.ROOT);

  /** RFC 5322 section 3.3; its names are English whatever the language. */
  private static final DateTimeFormatter FIELD =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss xx", Locale.US);

  private final Texts texts;
  private final ZoneId zone;
  private final Instant seen;

  /**
   * Moments beside another.
   *
   * @param seen the moment that the reader has in sight; its day is not said again
   */
  Moments(Texts texts, ZoneId zone, Instant seen) {
    this.texts = texts;
    this.zone = zone;
    this.seen = seen;
  }

  /** {@code at 10:01:02 UTC+01:00}, with the day where it is another. */
  String beside(Instant moment) {
    ZonedDateTime there = moment.atZone(zone);
    boolean sameDay = there.toLocalDate().equals(seen.atZone(zone).toLocalDate());
    return sameDay ? texts.say("moment.time", TIME.format(there)) : full(moment);
  }

  /** {@code on 24 November 2026 at 10:01:02 UTC+01:00}. */
  String full(Instant moment) {
    ZonedDateTime there = moment.atZone(zone);
    return texts.say("moment.full", TIME.format(there), texts.day().format(there));
  }

  /** {@code 24 November 2026, 10:01:02 UTC+01:00}: outside of a sentence. */
  String alone(Instant moment) {
    ZonedDateTime there = moment.atZone(zone);
    return texts.day().format(there) + ", " + TIME.format(there);
  }

  /** As a Date field has it. */
  static String field(Instant moment, ZoneId zone) {
    return FIELD.format(moment.atZone(zone));
  }
}
