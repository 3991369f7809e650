package org.mailjournal.relaytest;

import java.time.Instant;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.Optional;

/** The whole second at which a line of Postfix's log was written: it names no year and no zone. */
final class LogStamp {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss", Locale.ROOT);

  private static final int LENGTH = 15;

  private final Optional<ZonedDateTime> latest;

  private LogStamp(Optional<ZonedDateTime> latest) {
    this.latest = latest;
  }

  /** Of a log that ends before that time, in its zone. */
  static LogStamp before(ZonedDateTime latest) {
    return new LogStamp(Optional.of(latest));
  }

  /** Of a log without times. */
  static LogStamp none() {
    return new LogStamp(Optional.empty());
  }

  /** The begin of the line's second; empty where it has none. */
  Optional<Instant> of(String line) {
    if (latest.isEmpty() || line.length() < LENGTH) {
      return Optional.empty();
    }
    try {
      return Optional.of(instant(FORMAT.parse(line.substring(0, LENGTH))));
    } catch (DateTimeParseException other) {
      return Optional.empty();
    }
  }

  private Instant instant(TemporalAccessor stamp) {
    ZonedDateTime end = latest.orElseThrow();
    MonthDay day = MonthDay.from(stamp);
    int year = day.isAfter(MonthDay.from(end)) ? end.getYear() - 1 : end.getYear();
    return day.atYear(year).atTime(LocalTime.from(stamp)).atZone(end.getZone()).toInstant();
  }
}
