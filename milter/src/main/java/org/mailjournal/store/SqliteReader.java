package org.mailjournal.store;

import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.mailjournal.journal.Bytes;
import org.mailjournal.journal.Coverage;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.Query;
import org.mailjournal.journal.QueueId;
import org.mailjournal.journal.RecordedEvent;
import org.mailjournal.journal.Statistics;

/** The journal's way out: each method one question on one connection. */
final class SqliteReader implements JournalReader {
  private static final int PAGE = 200;

  private final Readers readers;

  SqliteReader(Readers readers) {
    this.readers = readers;
  }

  /** Fails now when the journal cannot be read, so that nobody waits for his first question. */
  void probe() {
    readers.read(session -> session.sql().number("SELECT 1"));
  }

  @Override
  public List<MessageState> find(Query query) {
    return readers.read(session -> new Finder(session).find(query));
  }

  @Override
  public List<MessageState> find(Query query, Consumer<String> unreadable) {
    return readers.read(session -> new Finder(session, leftOut(unreadable)).find(query));
  }

  private static Messages.Damaged leftOut(Consumer<String> unreadable) {
    return (number, damage) -> unreadable.accept(Messages.words(number, damage));
  }

  @Override
  public Optional<MessageState> message(String reference) {
    return readers.read(session -> new References(session).message(reference));
  }

  @Override
  public Optional<MessageState> inQueue(QueueId queueId, Optional<Instant> arrival) {
    // Receptions are kept in whole milliseconds, arrivals may be finer.
    Instant earliest = arrival.map(a -> a.truncatedTo(ChronoUnit.MILLIS)).orElse(Instant.MIN);
    return readers.read(session -> new References(session).inQueue(queueId, earliest));
  }

  @Override
  public void each(MessageKey message, Consumer<RecordedEvent> visitor) {
    readers.read(
        session -> {
          OptionalLong number = session.loader().number(message);
          if (number.isPresent()) {
            session.loader().each(number.getAsLong(), visitor::accept);
          }
          return number;
        });
  }

  @Override
  public List<MessageState> chain(MessageKey message) {
    return readers.read(session -> new Messages(session).chain(message));
  }

  @Override
  public List<RecordedEvent> eventsAfter(long sequence, int limit) {
    return readers.read(
        session -> {
          List<RecordedEvent> events = new ArrayList<>();
          for (Loader.Stored stored : session.loader().after(sequence, limit)) {
            events.add(new RecordedEvent(stored.sequence(), session.loader().decode(stored)));
          }
          return events;
        });
  }

  @Override
  public void eachAfter(
      long sequence, Consumer<RecordedEvent> visitor, Consumer<String> unreadable) {
    readers.read(
        session -> {
          Loader loader = session.loader();
          List<Loader.Stored> next = loader.after(sequence, 1);
          while (!next.isEmpty()) {
            Loader.Stored stored = next.get(0);
            show(stored, loader, visitor, unreadable);
            next = loader.after(stored.sequence(), 1);
          }
          return null;
        });
  }

  @Override
  public long someAfter(
      long sequence, int limit, Consumer<RecordedEvent> visitor, Consumer<String> unreadable) {
    return readers.read(
        session -> {
          long last = sequence;
          for (Loader.Stored stored : session.loader().after(sequence, limit)) {
            show(stored, session.loader(), visitor, unreadable);
            last = stored.sequence();
          }
          return last;
        });
  }

  private static void show(
      Loader.Stored stored,
      Loader loader,
      Consumer<RecordedEvent> visitor,
      Consumer<String> unreadable)
      throws SQLException {
    try {
      visitor.accept(new RecordedEvent(stored.sequence(), loader.decode(stored)));
    } catch (MalformedBody damaged) {
      unreadable.accept(damaged.getMessage());
    }
  }

  @Override
  public long sequenceBefore(Instant moment) {
    return readers.read(session -> sequenceBefore(session, moment));
  }

  /**
   * The first message from the moment on shows about where; from there back as long as events are
   * of the moment or later. Not a search by halves, because clocks are set back.
   */
  private static long sequenceBefore(Readers.Session session, Instant moment) throws SQLException {
    OptionalLong message =
        session
            .sql()
            .number(
                "SELECT min(message) FROM event WHERE message >= ?", MessageNumber.first(moment));
    long sequence =
        message.isPresent()
            ? session
                .sql()
                .number("SELECT min(sequence) FROM event WHERE message = ?", message.getAsLong())
                .orElseThrow()
            : Long.MAX_VALUE;
    List<Loader.Stored> page;
    do {
      page = session.loader().before(sequence, PAGE);
      for (Loader.Stored stored : page) {
        if (isBefore(moment, session.loader(), stored)) {
          return stored.sequence();
        }
        sequence = stored.sequence();
      }
    } while (page.size() == PAGE);
    return 0;
  }

  /** One that is damaged was of no moment that could be told. */
  private static boolean isBefore(Instant moment, Loader loader, Loader.Stored stored) {
    try {
      return loader.at(stored).isBefore(moment);
    } catch (MalformedBody damaged) {
      return false;
    }
  }

  @Override
  public List<MessageState> unfinished(
      Instant receivedBefore, Optional<MessageKey> after, int limit, Consumer<String> unreadable) {
    return readers.read(
        session -> new Messages(session).unfinished(receivedBefore, after, limit, unreadable));
  }

  @Override
  public List<MessageKey> receiptsAwaited(
      Optional<MessageKey> after, int limit, Consumer<String> unreadable) {
    return readers.read(session -> new Receipts(session).awaited(after, limit, unreadable));
  }

  @Override
  public Optional<Bytes> keptHeader(MessageKey message) {
    return readers.read(session -> new Receipts(session).keptHeader(message));
  }

  @Override
  public Statistics statistics(Instant since) {
    return readers.read(session -> new Tally(session, since, Messages.REFUSED).statistics());
  }

  @Override
  public Statistics statistics(Instant since, Consumer<String> unreadable) {
    return readers.read(session -> new Tally(session, since, leftOut(unreadable)).statistics());
  }

  @Override
  public Coverage coverage() {
    return readers.read(session -> new Runs(session).coverage(readers.isWrittenTo()));
  }

  @Override
  public void close() {
    readers.close();
  }
}
