package org.mailjournal.store;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Takes old messages out. They are looked for and read beside the writer; it removes them in slices
 * that are bounded by their rows, a large message in several, and others' commits go on in between.
 */
final class Retention {
  /** Rows that the writer removes at a time: some milliseconds. */
  private static final int SLICE = 200;

  private static final int PAGE = 500;

  /** As the checkpointer counts: a commit's event is some pages, a row here is one. */
  private static final int ROWS_OF_AN_EVENT = 3;

  private final Readers readers;
  private final Writer writer;
  private final List<Outdated> small = new ArrayList<>();
  private int weight;
  private long purged;
  private Optional<String> damaged = Optional.empty();

  Retention(Readers readers, Writer writer) {
    this.readers = readers;
    this.writer = writer;
  }

  private interface Step<T> {
    T in(Removal removal) throws SQLException;
  }

  /** See {@link SqliteJournal#purge}. */
  long run(Instant before) {
    finishWhatWasBegun();
    messages(before);
    oddities(before);
    return end();
  }

  /** See {@link SqliteJournal#finishPurge}. */
  long finish() {
    finishWhatWasBegun();
    return end();
  }

  private long end() {
    if (damaged.isPresent()) {
      throw Trouble.damaged("purge", damaged.get());
    }
    return purged;
  }

  /** By a purge that was cut short. */
  private void finishWhatWasBegun() {
    Optional<Outdated> rest =
        readers.read(
            session -> {
              long going = session.loader().going();
              return going == Loader.NONE
                  ? Optional.empty()
                  : Optional.of(Outdated.rest(session, going));
            });
    rest.ifPresent(
        message -> {
          damaged = message.damaged();
          finish(message);
        });
  }

  private void messages(Instant before) {
    long end = MessageNumber.first(before) + MessageNumber.SPILL;
    long last = Long.MIN_VALUE;
    List<Long> page;
    do {
      long from = last;
      page =
          readers.read(
              session ->
                  session
                      .sql()
                      .numbers(
                          "SELECT DISTINCT message FROM event WHERE message > ? AND message < ?"
                              + " ORDER BY message LIMIT ?",
                          from,
                          end,
                          PAGE));
      for (long number : page) {
        readers
            .read(session -> Outdated.read(session, number, before))
            .ifPresent(message -> take(message));
        last = number;
      }
    } while (page.size() == PAGE);
    removeSmall();
  }

  private void take(Outdated message) {
    if (message.damaged().isPresent()) {
      damaged = message.damaged();
    } else if (message.weight() > SLICE) {
      if (perform(removal -> removal.begin(message), SLICE)) {
        finish(message);
      }
    } else {
      if (weight + message.weight() > SLICE) {
        removeSmall();
      }
      weight += message.weight();
      small.add(message);
    }
  }

  private void removeSmall() {
    List<Outdated> slice = List.copyOf(small);
    if (!slice.isEmpty()) {
      purged += perform(removal -> removal.all(slice), weight);
    }
    small.clear();
    weight = 0;
  }

  private void finish(Outdated message) {
    until(removal -> removal.unlink(message, SLICE));
    for (int from = 0; from < message.entries().size(); from += SLICE) {
      int some = from;
      perform(
          removal -> {
            removal.lookUps(message, some, some + SLICE);
            return some;
          },
          SLICE);
    }
    until(removal -> removal.events(message, SLICE));
    purged++;
  }

  private void until(Step<Boolean> step) {
    boolean isDone = false;
    while (!isDone) {
      isDone = perform(step, SLICE);
    }
  }

  /** Oddities that concern no message; started and stopped stay, for the gaps between them. */
  private void oddities(Instant before) {
    long last = 0;
    List<Removal.Row> page;
    do {
      long from = last;
      page = readers.read(session -> oddities(session, from, before));
      List<Removal.Row> slice = new ArrayList<>();
      int heavy = 0;
      for (Removal.Row row : page) {
        if (heavy + row.weight() > SLICE) {
          remove(slice, heavy);
          slice = new ArrayList<>();
          heavy = 0;
        }
        slice.add(row);
        heavy += row.weight();
        last = row.sequence();
      }
      remove(slice, heavy);
    } while (page.size() == PAGE);
  }

  private void remove(List<Removal.Row> slice, int heavy) {
    if (!slice.isEmpty()) {
      perform(removal -> removal.remove(slice), heavy);
    }
  }

  private List<Removal.Row> oddities(Readers.Session session, long from, Instant before)
      throws SQLException {
    OptionalLong newest = session.sql().number("SELECT max(sequence) FROM event");
    return session
        .sql()
        .list(
            "SELECT o.sequence, "
                + Removal.WEIGHT
                + " FROM oddity o JOIN event e ON e.sequence = o.sequence WHERE e.message IS NULL"
                + " AND o.at < ? AND o.sequence > ? AND o.sequence < ? ORDER BY o.sequence LIMIT ?",
            Removal.Row::of,
            MessageNumber.milliseconds(MessageNumber.first(before)),
            from,
            newest.orElse(0),
            PAGE);
  }

  private <T> T perform(Step<T> step, int rows) {
    CompletableFuture<T> done =
        writer.perform(appender -> step.in(appender.removal()), 1 + rows / ROWS_OF_AN_EVENT);
    try {
      return done.join();
    } catch (CompletionException e) {
      throw Trouble.of("purge", e.getCause());
    }
  }
}
