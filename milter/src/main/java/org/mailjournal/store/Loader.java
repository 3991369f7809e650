package org.mailjournal.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.RecordedEvent;

/** Reads events. Not for use by two threads at once. */
final class Loader implements AutoCloseable {
  /** Contexts at hand, weighed by their recipients. */
  private static final int AT_HAND = 20_000;

  private static final int PAGE = 500;

  /** No message's number. */
  static final long NONE = Long.MIN_VALUE;

  private final Sql sql;
  private final StoredWords words;
  private final Hash hash;
  private final EventCodec codec;
  private final Recent<Long, MessageContext> contexts =
      new Recent<>(context -> 1 + context.recipients(), AT_HAND, AT_HAND);
  private long purges;
  private long going = NONE;

  Loader(Sql sql) throws SQLException {
    this.sql = sql;
    this.words = new StoredWords(sql);
    this.hash =
        new Hash(
            sql.number("SELECT value FROM parameter WHERE name = 'seed'")
                .orElseThrow(() -> new MalformedBody("its seed is not found")));
    // Last, as it has memory outside of the heap, which only its end gives back.
    this.codec = new EventCodec(words);
  }

  /** An event as it is stored. */
  static final class Stored {
    private final Place place;
    private final byte[] body;

    private Stored(ResultSet row) throws SQLException {
      long sequence = row.getLong(1);
      long number = row.getLong(2);
      this.place =
          new Place(sequence, row.wasNull() ? OptionalLong.empty() : OptionalLong.of(number));
      this.body = row.getBytes(3);
    }

    long sequence() {
      return place.sequence();
    }

    OptionalLong message() {
      return place.message();
    }
  }

  Hash hash() {
    return hash;
  }

  EventCodec codec() {
    return codec;
  }

  /** Takes events one after the other. */
  interface Visitor {
    void visit(RecordedEvent recorded) throws SQLException;
  }

  /** All events of a message, in order. */
  List<RecordedEvent> events(long message) throws SQLException {
    List<RecordedEvent> events = new ArrayList<>();
    each(message, events::add);
    return events;
  }

  /** The same one after the other: a message can have more than memory has room for. */
  void each(long message, Visitor visitor) throws SQLException {
    MessageContext context = null;
    long last = 0;
    List<Stored> page;
    do {
      page = of(message, last);
      for (Stored stored : page) {
        Event event = decode(stored, Optional.ofNullable(context));
        if (context == null) {
          context = MessageContext.of(stored.sequence(), event);
        }
        visitor.visit(new RecordedEvent(stored.sequence(), event));
        last = stored.sequence();
      }
    } while (page.size() == PAGE);
  }

  /** Some stored events of a message behind a sequence number, in order; none behind the last. */
  List<Stored> of(long message, long sequence) throws SQLException {
    return sql.list(
        "SELECT sequence, message, body FROM event WHERE message = ? AND sequence > ? ORDER"
            + " BY sequence LIMIT "
            + PAGE,
        Stored::new,
        message,
        sequence);
  }

  /** Stored events behind a sequence number, in order. */
  List<Stored> after(long sequence, int limit) throws SQLException {
    return sql.list(
        "SELECT sequence, message, body FROM event WHERE sequence > ? ORDER BY sequence LIMIT ?",
        Stored::new,
        sequence,
        limit);
  }

  /**
   * Oddities behind a sequence number that are about no message, in order.
   *
   * @param below how short their bodies are, in bytes: among thousands, some have up to 64 KiB
   */
  List<Stored> oddities(long sequence, int below, int limit) throws SQLException {
    return sql.list(
        "SELECT e.sequence, e.message, e.body FROM oddity o JOIN event e ON e.sequence = o.sequence"
            + " WHERE o.sequence > ? AND e.message IS NULL AND length(e.body) < ?"
            + " ORDER BY o.sequence LIMIT ?",
        Stored::new,
        sequence,
        below,
        limit);
  }

  /** Stored events before a sequence number, latest first. */
  List<Stored> before(long sequence, int limit) throws SQLException {
    return sql.list(
        "SELECT sequence, message, body FROM event WHERE sequence < ? ORDER BY sequence DESC LIMIT"
            + " ?",
        Stored::new,
        sequence,
        limit);
  }

  Optional<Stored> stored(long sequence) throws SQLException {
    return sql
        .list("SELECT sequence, message, body FROM event WHERE sequence = ?", Stored::new, sequence)
        .stream()
        .findFirst();
  }

  /** The event of a stored one, wherever in its message it stands. */
  Event decode(Stored stored) throws SQLException {
    if (stored.message().isEmpty()) {
      return decode(stored, Optional.empty());
    }
    MessageContext context = context(stored.message().getAsLong());
    return decode(stored, isFirst(stored) ? Optional.empty() : Optional.of(context));
  }

  /** Whether it is the first of its message. */
  boolean isFirst(Stored stored) throws SQLException {
    return context(stored.message().getAsLong()).first() == stored.sequence();
  }

  private Event decode(Stored stored, Optional<MessageContext> context) {
    try {
      return codec.decode(stored.body, stored.place, context);
    } catch (MalformedBody e) {
      throw of(stored, e);
    }
  }

  /** The moment of a stored event. */
  Instant at(Stored stored) {
    try {
      return codec.at(stored.body, stored.place);
    } catch (MalformedBody e) {
      throw of(stored, e);
    }
  }

  private static MalformedBody of(Stored stored, MalformedBody e) {
    return new MalformedBody("event " + stored.sequence() + ": " + e.getMessage(), e);
  }

  private MessageContext context(long message) throws SQLException {
    MessageContext context = contexts.get(message);
    if (context == null) {
      Stored first =
          first(message)
              .orElseThrow(() -> new MalformedBody("no event is found by message " + message));
      context = MessageContext.of(first.sequence(), decode(first, Optional.empty()));
      contexts.put(message, context);
    }
    return context;
  }

  private Optional<Stored> first(long message) throws SQLException {
    return sql
        .list(
            "SELECT sequence, message, body FROM event WHERE message = ? ORDER BY sequence LIMIT 1",
            Stored::new,
            message)
        .stream()
        .findFirst();
  }

  /** The key of a message; empty when there is no such number. */
  Optional<MessageKey> key(long message) throws SQLException {
    if (contexts.get(message) == null && first(message).isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(context(message).key());
  }

  /** The number of a message; empty when nothing was recorded of it. */
  OptionalLong number(MessageKey key) throws SQLException {
    for (long candidate : candidates(key)) {
      if (key(candidate).filter(key::equals).isPresent()) {
        return OptionalLong.of(candidate);
      }
    }
    return OptionalLong.empty();
  }

  /** The numbers of messages that may have this key: those with a queue id of the same hash. */
  List<Long> candidates(MessageKey key) throws SQLException {
    long from = MessageNumber.first(key.receivedAt());
    return sql.numbers(
        "SELECT message FROM lookup WHERE hash = ? AND message >= ? AND message < ?",
        hash.queueId(key.queueId().text()),
        from,
        from + MessageNumber.SPILL);
  }

  /**
   * Looks for what {@link Retention} did since the last question: the number of a message that is
   * gone may be another's now.
   */
  void lookForPurges() throws SQLException {
    String value = "(SELECT value FROM parameter WHERE name = '";
    sql.list(
        "SELECT ifnull(" + value + Removal.PURGED + "'), 0), " + value + Removal.GOING + "')",
        row -> {
          if (row.getLong(1) != purges) {
            contexts.clear();
          }
          purges = row.getLong(1);
          going = row.getLong(2);
          going = row.wasNull() ? NONE : going;
          return row;
        });
  }

  /** The message of which a part may be gone already; {@link #NONE} if all are whole. */
  long going() {
    return going;
  }

  /** Of a message that is taken out. */
  void forget(long message) {
    contexts.remove(message);
  }

  /** After a rollback: what was read in it may not be there. */
  void forget() {
    words.forget();
    contexts.clear();
  }

  @Override
  public void close() {
    codec.close();
  }
}
