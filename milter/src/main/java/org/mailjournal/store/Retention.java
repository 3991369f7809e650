package org.mailjournal.store;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Takes old messages out, a slice at a time, so that recording goes on in between. */
final class Retention {
  private static final int SLICE = 100;

  private final Sql sql;
  private final Loader loader;
  private final Derived derived;
  private final Instant before;

  Retention(Sql sql, Loader loader, Derived derived, Instant before) {
    this.sql = sql;
    this.loader = loader;
    this.derived = derived;
    this.before = before;
  }

  /**
   * What a slice did.
   *
   * @param last the number that it came to
   * @param purged how many messages it took out
   * @param damaged why a message could not be read, which stays then
   */
  record Slice(long last, int purged, boolean isEnd, Optional<String> damaged) {
    Slice(long last, int purged, boolean isEnd) {
      this(last, purged, isEnd, Optional.empty());
    }
  }

  /** The messages behind a number, the oldest first. */
  Slice messages(long after) throws SQLException {
    // The newest sequence number is never given back, so its event stays.
    long newest = sql.number("SELECT max(sequence) FROM event").orElse(0);
    List<Long> numbers =
        sql.numbers(
            "SELECT DISTINCT message FROM event WHERE message > ? AND message < ? ORDER BY message"
                + " LIMIT ?",
            after,
            MessageNumber.first(before) + MessageNumber.SPILL,
            SLICE);
    int purged = 0;
    long last = after;
    Optional<String> damaged = Optional.empty();
    for (long number : numbers) {
      last = number;
      try {
        purged += purge(number, newest) ? 1 : 0;
      } catch (MalformedBody e) {
        damaged = Optional.of(e.getMessage());
      }
    }
    return new Slice(last, purged, numbers.size() < SLICE, damaged);
  }

  private boolean purge(long number, long newest) throws SQLException {
    long last =
        sql.number("SELECT max(sequence) FROM event WHERE message = ?", number).orElseThrow();
    if (last == newest || !loader.at(loader.stored(last).orElseThrow()).isBefore(before)) {
      return false;
    }
    // All of it once before: what cannot be read in the end is not taken out by half.
    loader.each(number, recorded -> {});
    loader.each(number, recorded -> derived.remove(number, recorded));
    derived.removeMessage(number);
    sql.update("DELETE FROM kept WHERE message = ?", number);
    sql.update("DELETE FROM event WHERE message = ?", number);
    return true;
  }

  /** Oddities that concern no message; started and stopped stay, for the gaps between them. */
  Slice oddities() throws SQLException {
    long newest = sql.number("SELECT max(sequence) FROM event").orElse(0);
    List<Long> old =
        sql.numbers(
            "SELECT o.sequence FROM oddity o JOIN event e ON e.sequence = o.sequence"
                + " WHERE e.message IS NULL AND o.at < ? AND o.sequence < ? LIMIT ?",
            MessageNumber.milliseconds(MessageNumber.first(before)),
            newest,
            SLICE);
    for (long sequence : old) {
      derived.remove(sequence);
      sql.update("DELETE FROM event WHERE sequence = ?", sequence);
    }
    return new Slice(0, 0, old.size() < SLICE);
  }
}
