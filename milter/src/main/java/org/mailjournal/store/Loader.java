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

  private final Sql sql;
  private final StoredWords words;
  private final EventCodec codec;
  private final Hash hash;
  private final Recent<Long, MessageContext> contexts =
      new Recent<>(AT_HAND, context -> 1 + context.recipients());

  Loader(Sql sql) throws SQLException {
    this.sql = sql;
    this.words = new StoredWords(sql);
    this.codec = new EventCodec(words);
    this.hash =
        new Hash(sql.number("SELECT value FROM parameter WHERE name = 'seed'").orElseThrow());
  }

  /** An event as it is stored. */
  static final class Stored {
    private final long sequence;
    private final OptionalLong message;
    private final byte[] body;

    private Stored(ResultSet row) throws SQLException {
      this.sequence = row.getLong(1);
      long number = row.getLong(2);
      this.message = row.wasNull() ? OptionalLong.empty() : OptionalLong.of(number);
      this.body = row.getBytes(3);
    }

    long sequence() {
      return sequence;
    }

    OptionalLong message() {
      return message;
    }

    private byte[] body() {
      return body;
    }

    Instant at() {
      return EventCodec.at(body, message);
    }
  }

  Hash hash() {
    return hash;
  }

  EventCodec codec() {
    return codec;
  }

  /** All events of a message, in order. */
  List<RecordedEvent> events(long message) throws SQLException {
    List<RecordedEvent> events = new ArrayList<>();
    long last = 0;
    List<Stored> page;
    do {
      page =
          sql.list(
              "SELECT sequence, message, body FROM event WHERE message = ? AND sequence > ? ORDER"
                  + " BY sequence LIMIT "
                  + PAGE,
              Stored::new,
              message,
              last);
      for (Stored stored : page) {
        events.add(new RecordedEvent(stored.sequence(), decode(stored)));
        last = stored.sequence();
      }
    } while (page.size() == PAGE);
    return events;
  }

  /** Stored events behind a sequence number, in order. */
  List<Stored> after(long sequence, int limit) throws SQLException {
    return sql.list(
        "SELECT sequence, message, body FROM event WHERE sequence > ? ORDER BY sequence LIMIT ?",
        Stored::new,
        sequence,
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

  Event decode(Stored stored) throws SQLException {
    try {
      if (stored.message().isEmpty()) {
        return codec.decode(stored.body(), stored.message(), Optional.empty());
      }
      long message = stored.message().getAsLong();
      Optional<MessageContext> context = Optional.ofNullable(contexts.get(message));
      if (context.isEmpty() || context.get().first() == stored.sequence()) {
        Stored first = first(message).orElse(stored);
        Event event = codec.decode(first.body(), first.message(), Optional.empty());
        if (context.isEmpty()) {
          context = Optional.of(MessageContext.of(first.sequence(), event));
          contexts.put(message, context.get());
        }
        if (first.sequence() == stored.sequence()) {
          return event;
        }
      }
      return codec.decode(stored.body(), stored.message(), context);
    } catch (MalformedBody e) {
      throw new MalformedBody("event " + stored.sequence() + ": " + e.getMessage(), e);
    }
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
    MessageContext context = contexts.get(message);
    if (context != null) {
      return Optional.of(context.key());
    }
    Optional<Stored> first = first(message);
    return first.isEmpty() ? Optional.empty() : decode(first.get()).about();
  }

  /** The number of a message; empty when nothing was recorded of it. */
  OptionalLong number(MessageKey key) throws SQLException {
    long from = MessageNumber.first(key.receivedAt());
    List<Long> candidates =
        sql.numbers(
            "SELECT message FROM lookup WHERE hash = ? AND message >= ? AND message < ?",
            hash.queueId(key.queueId().text()),
            from,
            from + MessageNumber.SPILL);
    for (long candidate : candidates) {
      if (key(candidate).filter(key::equals).isPresent()) {
        return OptionalLong.of(candidate);
      }
    }
    return OptionalLong.empty();
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
