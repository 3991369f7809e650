package org.mailjournal.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.KeptHeader;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.ReceiptEvent;

/**
 * Appends events within the transaction that the writer holds open, leaving out what is no news.
 * What it knows of recent messages stays at hand, bounded, so that an append costs the same however
 * many events its message has. Belongs to the writer's thread.
 */
final class Appender implements AutoCloseable {
  /**
   * Recent messages, weighed by their recipients and events: some 40 with one recipient each. To
   * read one anew takes 10 µs. To keep thousands of them took as long in all, and in pauses: what
   * lives that long is copied by the collector of the young generation (doc/PERFORMANCE.md).
   */
  private static final int SMALL_AT_HAND = 128;

  /**
   * Those with tens or hundreds of recipients, for to read one anew for each of its events would
   * take the square of their number. A weight is at most some 290 bytes (measured: a recipient with
   * one outcome weighs 2, and is 570 bytes), so these are 17 MB.
   */
  private static final int AT_HAND = 60_000;

  /**
   * Those with thousands, apart: 52 MB, so that with the others they take no more than a quarter of
   * a heap of 256 MiB. One such message with 90,000 recipients has room, and one alone stays
   * whatever it weighs: read anew for each commit it would hold up all others.
   */
  private static final int LARGE_AT_HAND = 180_000;

  private final Sql sql;
  private final Loader loader;
  private final Derived derived;
  private final MessageDigest digest;
  private final Recent<MessageKey, Known> recent =
      new Recent<>(
          known -> 2 + known.seen.size() + known.fates.size(),
          SMALL_AT_HAND,
          AT_HAND,
          LARGE_AT_HAND);
  private long last;
  private long lastMessage;

  Appender(Sql sql) throws SQLException {
    this.sql = sql;
    this.last = newestSequence();
    this.loader = new Loader(sql);
    this.derived = Derived.asEventsCome(sql, loader);
    try {
      this.digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }

  /** What decides about a message's next event. */
  private static final class Known {
    private final long number;
    private final Fates fates = new Fates();
    private final Set<Identity> seen = new HashSet<>();
    private MessageContext context;

    private Known(long number) {
      this.number = number;
    }
  }

  /** The head of the SHA-256 of {@link Event#identity()}: replies can be long. */
  private record Identity(long head, long tail) {}

  /**
   * Appends events in their order.
   *
   * @return how many of them were news
   */
  int append(List<Event> events) throws SQLException {
    int news = 0;
    for (Event event : events) {
      news += append(event) ? 1 : 0;
    }
    return news;
  }

  /** Keeps a header section of a message that was appended, unless its receipts are done. */
  void keep(KeptHeader header) throws SQLException {
    sql.update(
        "INSERT OR IGNORE INTO kept SELECT message, ? FROM receipt WHERE message = ?",
        header.section().toArray(),
        known(header.message()).number);
  }

  private boolean append(Event event) throws SQLException {
    if (event.about().isEmpty()) {
      insert(OptionalLong.empty(), event, Optional.empty());
      derived.apply(last, event);
      return true;
    }
    Known known = known(event.about().get());
    Optional<Identity> identity = event.identity().map(this::identity);
    if (identity.filter(known.seen::contains).isPresent() || isSettled(event, known)) {
      return false;
    }
    boolean isFirst = known.context == null;
    insert(OptionalLong.of(known.number), event, Optional.ofNullable(known.context));
    if (isFirst) {
      known.context = MessageContext.of(last, event);
    }
    derived.apply(last, known.number, event, isFirst, known.fates);
    if (event instanceof ReceiptEvent receipt && receipt.isLast()) {
      sql.update("DELETE FROM kept WHERE message = ?", known.number);
    }
    identity.ifPresent(known.seen::add);
    recent.put(event.about().get(), known);
    return true;
  }

  private static boolean isSettled(Event event, Known known) {
    return event instanceof Event.Unreported unreported
        && known.fates.isFinal(unreported.recipient());
  }

  private void insert(OptionalLong message, Event event, Optional<MessageContext> context)
      throws SQLException {
    byte[] body = loader.codec().encode(event, new Place(last + 1, message), context);
    last++;
    sql.update(
        "INSERT INTO event (sequence, message, body) VALUES (?, ?, ?)",
        last,
        message.isPresent() ? message.getAsLong() : null,
        body);
  }

  private Known known(MessageKey key) throws SQLException {
    Known known = recent.get(key);
    if (known == null) {
      known = stored(key);
      if (known == null) {
        known = new Known(free(key.receivedAt()));
      }
      recent.put(key, known);
    }
    return known;
  }

  /** Null when nothing was recorded of it. */
  private Known stored(MessageKey key) throws SQLException {
    for (long number : loader.candidates(key)) {
      Known known = load(number);
      if (known.context != null && known.context.key().equals(key)) {
        return known;
      }
    }
    return null;
  }

  private Known load(long number) throws SQLException {
    Known known = new Known(number);
    loader.each(
        number,
        recorded -> {
          Event event = recorded.event();
          if (known.context == null) {
            known.context = MessageContext.of(recorded.sequence(), event);
          }
          known.fates.apply(event);
          event.identity().map(this::identity).ifPresent(known.seen::add);
        });
    return known;
  }

  private long free(Instant receivedAt) throws SQLException {
    long number = MessageNumber.first(receivedAt);
    // Many messages of one millisecond come one after the other: go on where the last one is.
    if (lastMessage >= number && lastMessage < number + MessageNumber.SPILL) {
      number = lastMessage + 1;
    }
    while (sql.number("SELECT 1 FROM event WHERE message = ? LIMIT 1", number).isPresent()) {
      number++;
    }
    lastMessage = number;
    return number;
  }

  private Identity identity(String text) {
    byte[] hash = digest.digest(text.getBytes(StandardCharsets.UTF_8));
    ByteBuffer head = ByteBuffer.wrap(hash);
    return new Identity(head.getLong(), head.getLong());
  }

  /** What takes old messages out. */
  Removal removal() {
    return new Removal(this, sql, derived);
  }

  /** Lets go of what is at hand of a message that is taken out. */
  void forget(MessageKey key, long number) {
    Known known = recent.get(key);
    if (known != null && known.number == number) {
      recent.remove(key);
    }
    loader.forget(number);
  }

  /** After a rollback: nothing that was learnt in it holds. */
  void forget() throws SQLException {
    recent.clear();
    loader.forget();
    last = newestSequence();
    lastMessage = 0;
  }

  Sql sql() {
    return sql;
  }

  /** The newest event's number. */
  long last() {
    return last;
  }

  private long newestSequence() throws SQLException {
    return sql.number("SELECT max(sequence) FROM event").orElse(0);
  }

  @Override
  public void close() {
    loader.close();
  }
}
