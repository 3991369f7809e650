package org.mailjournal.store;

import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.QueueId;

/**
 * The table that leads from a message to what it became next, by the next one's Received fields.
 *
 * <p>A message whose nearest earlier hop was taken out ({@link Retention}) has what that one was
 * linked to for its own, and beside it a row that leads to {@link #GONE}. Its own fields cannot
 * make that anew: by them it would lead to a hop further back, which the one that is gone perhaps
 * did not believe in, or to an older message with a queue id that was used again. So rows of such a
 * message outlast a rebuild.
 */
final class Hops {
  /** The number of no message, before all others. */
  static final long GONE = Long.MIN_VALUE / 2;

  /** Received fields are the sender's own words: no more of them than a real path has. */
  private static final int LONGEST_TRAIL = 100;

  /** More messages than share one hash. */
  private static final int CANDIDATES = 20;

  private static final String KEPT =
      "SELECT message FROM main.hop WHERE previous IN ("
          + GONE
          + ", (SELECT value FROM parameter WHERE name = '"
          + Removal.GOING
          + "'))";

  private final Sql sql;
  private final Loader loader;
  private final String schema;
  private final LookupTable lookups;
  private final boolean isAnew;

  /** Rows of a schema, which are made as events come, or anew. */
  Hops(Sql sql, Loader loader, String schema, LookupTable lookups, boolean isAnew) {
    this.sql = sql;
    this.loader = loader;
    this.schema = schema;
    this.lookups = lookups;
    this.isAnew = isAnew;
  }

  /**
   * To the nearest earlier hop, and to no other: the fields below its own came with the message to
   * that hop, from somebody who was perhaps not believed.
   */
  void link(long message, Event.Received event) throws SQLException {
    if (isAnew && isKept(message)) {
      insert("SELECT previous, message FROM main.hop WHERE message = ?", message);
      return;
    }
    List<QueueId> trail = event.trail();
    for (QueueId id : trail.subList(0, Math.min(trail.size(), LONGEST_TRAIL))) {
      OptionalLong previous = newestBefore(message, id);
      if (previous.isPresent()) {
        insert("VALUES (?, ?)", previous.getAsLong(), message);
        return;
      }
    }
  }

  private boolean isKept(long message) throws SQLException {
    return sql.number(KEPT + " AND message = ?", message).isPresent();
  }

  private void insert(String rows, Object... values) throws SQLException {
    sql.update("INSERT OR IGNORE INTO " + schema + ".hop " + rows, values);
  }

  /** The newest message with that queue id in its key that came before this one. */
  private OptionalLong newestBefore(long message, QueueId id) throws SQLException {
    int hash = loader.hash().queueId(id.text());
    for (long candidate : lookups.newestBefore(hash, message, CANDIDATES)) {
      if (has(candidate, id)) {
        return OptionalLong.of(candidate);
      }
    }
    return OptionalLong.empty();
  }

  /** A message that cannot be read loses its links; mail that names it is not refused for that. */
  private boolean has(long candidate, QueueId id) throws SQLException {
    try {
      return loader.key(candidate).filter(key -> key.queueId().equals(id)).isPresent();
    } catch (MalformedBody damaged) {
      return false;
    }
  }

  /**
   * Removes what {@link #link} can make anew. What a message that is being taken out was linked to
   * becomes what its next one is linked to.
   */
  void clear() throws SQLException {
    sql.execute(
        "DELETE FROM "
            + schema
            + ".hop WHERE message NOT IN ("
            + KEPT
            + ") AND message IS NOT (SELECT value FROM parameter WHERE name = '"
            + Removal.GOING
            + "')");
  }

  /**
   * Takes a message out of its chain.
   *
   * @param most how many of its next ones are seen to
   * @return whether these were all, so that the message is out
   */
  boolean remove(long message, int most) throws SQLException {
    List<Long> next =
        sql.numbers("SELECT message FROM hop WHERE previous = ? LIMIT ?", message, most);
    List<Long> before =
        sql.numbers("SELECT previous FROM hop WHERE message = ? AND previous > ?", message, GONE);
    for (long one : next) {
      for (long earlier : before) {
        insert("VALUES (?, ?)", earlier, one);
      }
      insert("VALUES (?, ?)", GONE, one);
      sql.update("DELETE FROM hop WHERE previous = ? AND message = ?", message, one);
    }
    if (next.size() == most) {
      return false;
    }
    sql.update("DELETE FROM hop WHERE message = ?", message);
    return true;
  }
}
