package org.mailjournal.store;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.mailjournal.journal.MessageKey;

/**
 * A message that is to go, as it was read beside the writer.
 *
 * @param key absent of what a purge that was cut short has left
 * @param last its newest event, which tells whether there was news of it since
 * @param entries what leads to it in the table of look-ups
 * @param weight rows that are to be removed, a long one counting as several
 * @param damaged why a part of it could not be read
 */
record Outdated(
    long number,
    Optional<MessageKey> key,
    long last,
    List<Integer> entries,
    int weight,
    Optional<String> damaged) {
  private static final int OF_EACH = 10;

  /** What is read of its events. */
  private static final class Reading {
    private final IntStream.Builder entries = IntStream.builder();
    private Optional<MessageKey> key = Optional.empty();
    private Optional<String> damaged = Optional.empty();

    private List<Integer> sorted() {
      return entries.build().sorted().distinct().boxed().toList();
    }
  }

  /**
   * Reads a message whose last event came before a moment. All of it, for what cannot be read in
   * the end is not taken out by half. Empty for one that stays: it is younger, or its sender waits
   * for a receipt, or it has the newest event of all, whose number is never given back.
   */
  static Optional<Outdated> read(Readers.Session session, long number, Instant before)
      throws SQLException {
    Sql sql = session.sql();
    Loader loader = session.loader();
    OptionalLong last = sql.number("SELECT max(sequence) FROM event WHERE message = ?", number);
    if (last.isEmpty()
        || last.equals(sql.number("SELECT max(sequence) FROM event"))
        || sql.number("SELECT 1 FROM receipt WHERE message = ?", number).isPresent()) {
      return Optional.empty();
    }
    Reading reading = new Reading();
    try {
      if (!loader.at(loader.stored(last.getAsLong()).orElseThrow()).isBefore(before)) {
        return Optional.empty();
      }
      Derived derived = Derived.asEventsCome(sql, loader);
      loader.each(
          number,
          recorded -> {
            reading.key = reading.key.or(recorded.event()::about);
            derived.entries(recorded.event()).forEach(reading.entries::add);
          });
    } catch (MalformedBody e) {
      reading.damaged = Optional.of(e.getMessage());
    }
    return Optional.of(of(reading, sql, number, last.getAsLong()));
  }

  /** Reads what is left of a message that is half gone, as far as it can be read. */
  static Outdated rest(Readers.Session session, long number) throws SQLException {
    Reading reading = new Reading();
    Derived derived = Derived.asEventsCome(session.sql(), session.loader());
    long last = 0;
    List<Loader.Stored> page;
    do {
      page = session.loader().of(number, last);
      for (Loader.Stored stored : page) {
        last = stored.sequence();
        try {
          derived.entries(session.loader().decode(stored)).forEach(reading.entries::add);
        } catch (MalformedBody e) {
          reading.damaged = Optional.of(e.getMessage());
        }
      }
    } while (!page.isEmpty());
    return of(reading, session.sql(), number, last);
  }

  private static Outdated of(Reading reading, Sql sql, long number, long last) throws SQLException {
    List<Integer> entries = reading.sorted();
    long events =
        sql.number("SELECT sum(" + Removal.WEIGHT + ") FROM event WHERE message = ?", number)
            .orElse(0);
    long next = sql.number("SELECT count(*) FROM hop WHERE previous = ?", number).orElse(0);
    int weight = (int) Math.min(Integer.MAX_VALUE, OF_EACH + entries.size() + events + next);
    return new Outdated(number, reading.key, last, entries, weight, reading.damaged);
  }
}
