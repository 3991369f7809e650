package org.mailjournal.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.mailjournal.journal.Bytes;
import org.mailjournal.journal.KeptHeader;
import org.mailjournal.journal.MessageKey;

/** Whose receipts are still to come, and what is kept for them. */
final class Receipts {
  private final Sql sql;
  private final Loader loader;

  Receipts(Readers.Session session) {
    this.sql = session.sql();
    this.loader = session.loader();
  }

  List<MessageKey> awaited(Optional<MessageKey> after, int limit, Consumer<String> unreadable)
      throws SQLException {
    long from = Long.MIN_VALUE;
    if (after.isPresent()) {
      from = loader.number(after.get()).orElse(MessageNumber.first(after.get().receivedAt()));
    }
    List<MessageKey> keys = new ArrayList<>();
    List<Long> page;
    do {
      page =
          sql.numbers(
              "SELECT message FROM receipt WHERE message > ? ORDER BY message LIMIT ?",
              from,
              limit - keys.size());
      for (long number : page) {
        from = number;
        key(number, unreadable).ifPresent(keys::add);
      }
    } while (!page.isEmpty() && keys.size() < limit);
    return keys;
  }

  private Optional<MessageKey> key(long number, Consumer<String> unreadable) throws SQLException {
    try {
      return loader.key(number);
    } catch (MalformedBody damaged) {
      unreadable.accept(damaged.getMessage());
      return Optional.empty();
    }
  }

  Optional<Bytes> keptHeader(MessageKey message) throws SQLException {
    OptionalLong number = loader.number(message);
    if (number.isEmpty()) {
      return Optional.empty();
    }
    return sql
        .list(
            "SELECT section FROM kept WHERE message = ?",
            row -> Bytes.head(row.getBytes(1), KeptHeader.MOST),
            number.getAsLong())
        .stream()
        .findFirst();
  }
}
