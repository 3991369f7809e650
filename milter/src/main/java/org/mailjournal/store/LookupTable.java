package org.mailjournal.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The table that leads from a hash to messages ({@link Derived}). */
final class LookupTable {
  /** A rebuild's: 29 MB. */
  private static final int AT_ONCE = 1_000_000;

  private final Sql sql;
  private final String name;
  private final Optional<LookupRows> waiting;

  private LookupTable(Sql sql, String schema, Optional<LookupRows> waiting) {
    this.sql = sql;
    this.name = schema + ".lookup";
    this.waiting = waiting;
  }

  /** One that has each row at once, for readers. */
  static LookupTable asEventsCome(Sql sql) {
    return new LookupTable(sql, "main", Optional.empty());
  }

  /** One that nobody else reads before it is {@linkplain #settle settled}. */
  static LookupTable anew(Sql sql, String schema) {
    return anew(sql, schema, AT_ONCE);
  }

  /**
   * The same.
   *
   * @param atOnce how many rows wait to be brought in together
   */
  static LookupTable anew(Sql sql, String schema, int atOnce) {
    return new LookupTable(sql, schema, Optional.of(new LookupRows(atOnce)));
  }

  void add(int hash, long message) throws SQLException {
    if (waiting.isEmpty()) {
      insert(hash, message);
      return;
    }
    waiting.get().add(hash, message);
    if (waiting.get().isFull()) {
      settle();
    }
  }

  private void insert(int hash, long message) throws SQLException {
    sql.update("INSERT OR IGNORE INTO " + name + " VALUES (?, ?)", hash, message);
  }

  /** Brings in what waits. */
  void settle() throws SQLException {
    if (waiting.isPresent()) {
      waiting.get().giveTo(this::insert);
    }
  }

  void remove(int hash, long message) throws SQLException {
    sql.update("DELETE FROM " + name + " WHERE hash = ? AND message = ?", hash, message);
  }

  /** The newest messages of a hash that came before one, latest first. */
  List<Long> newestBefore(int hash, long message, int limit) throws SQLException {
    List<Long> found =
        sql.numbers(
            "SELECT message FROM "
                + name
                + " WHERE hash = ? AND message < ? ORDER BY message DESC LIMIT ?",
            hash,
            message,
            limit);
    if (waiting.isEmpty()) {
      return found;
    }
    List<Long> all = new ArrayList<>(waiting.get().below(hash, message));
    all.addAll(found);
    all.sort(Collections.reverseOrder());
    return all.subList(0, Math.min(limit, all.size()));
  }
}
