package org.mailjournal.store;

import java.time.Instant;

/**
 * The number under which a message stands in the tables: its moment of reception in milliseconds,
 * times {@link #PER_MILLISECOND}, plus its place within that millisecond. So every index that ends
 * in the number is in order of time, and no index of times is needed.
 */
final class MessageNumber {
  static final int PER_MILLISECOND = 128;

  /**
   * How far behind its millisecond's numbers a message can stand, when more came in one millisecond
   * than it has numbers for: two of the torture's clocks stand still. Who looks for times looks so
   * much further, and then at the message itself.
   */
  static final long SPILL = 1 << 20;

  /** 2020: SQLite keeps numbers in 6 bytes until 2054, and in 8 before and after. */
  private static final long EPOCH = Instant.parse("2020-01-01T00:00:00Z").toEpochMilli();

  private static final long FARTHEST = Long.MAX_VALUE / (4L * PER_MILLISECOND);

  private MessageNumber() {}

  /** The first number of a moment; for moments beyond all calendars the nearest that there is. */
  static long first(Instant moment) {
    long milliseconds = moment.getEpochSecond() * 1000 + moment.getNano() / 1_000_000;
    if (moment.getEpochSecond() > FARTHEST / 1000) {
      milliseconds = FARTHEST;
    } else if (moment.getEpochSecond() < -FARTHEST / 1000) {
      milliseconds = -FARTHEST;
    }
    return (milliseconds - EPOCH) * PER_MILLISECOND;
  }

  /** The millisecond that the number stands in. */
  static long milliseconds(long number) {
    return Math.floorDiv(number, (long) PER_MILLISECOND) + EPOCH;
  }
}
