package org.mailjournal.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;

/**
 * Takes messages out, within the writer's transactions. A small one goes at once. A large one is
 * hidden first, by a mark that outlasts a crash, then goes in steps: what is linked to it, its
 * look-ups, its events from the last to the first, and with that one the mark.
 *
 * <pre>
 * whole ──begin──▶ hidden ──unlink──▶ ──look-ups──▶ ──events──▶ gone
 * </pre>
 *
 * <p>Each step does the same when it is done again, as after a rollback for another's sake.
 */
final class Removal {
  /** The parameter that names the message of which a part may be gone. */
  static final String GOING = "going";

  /** The parameter that counts how often messages were taken out. */
  static final String PURGED = "purged";

  /** Of a row of events: its body takes pages, each of which is overwritten. */
  static final String WEIGHT = "1 + length(body) / 1024";

  private final Appender appender;
  private final Sql sql;
  private final Derived derived;

  Removal(Appender appender, Sql sql, Derived derived) {
    this.appender = appender;
    this.sql = sql;
    this.derived = derived;
  }

  /** An event's number, and its {@link #WEIGHT}. */
  record Row(long sequence, int weight) {
    static Row of(ResultSet row) throws SQLException {
      return new Row(row.getLong(1), row.getInt(2));
    }
  }

  /**
   * Takes small ones out.
   *
   * @return how many of them; not those of which there was news
   */
  int all(List<Outdated> messages) throws SQLException {
    int gone = 0;
    for (Outdated message : messages) {
      if (hide(message)) {
        unlink(message, Integer.MAX_VALUE);
        lookUps(message, 0, message.entries().size());
        remove(lastEvents(message, Integer.MAX_VALUE));
        gone++;
      }
    }
    count();
    return gone;
  }

  /** Hides a large one; false when there was news of it. */
  boolean begin(Outdated message) throws SQLException {
    sql.update("INSERT OR REPLACE INTO parameter VALUES (?, ?)", GOING, message.number());
    boolean isAsRead = hide(message);
    if (!isAsRead) {
      end();
    }
    return isAsRead;
  }

  private boolean hide(Outdated message) throws SQLException {
    OptionalLong last =
        sql.number("SELECT max(sequence) FROM event WHERE message = ?", message.number());
    if (!last.equals(OptionalLong.of(message.last()))) {
      return false;
    }
    derived.hide(message.key().orElseThrow(), message.number());
    appender.forget(message.key().orElseThrow(), message.number());
    return true;
  }

  /** Whether nothing is linked to it any more. */
  boolean unlink(Outdated message, int most) throws SQLException {
    return derived.hops().remove(message.number(), most);
  }

  /** Some of those that were read. */
  void lookUps(Outdated message, int from, int to) throws SQLException {
    for (int entry : message.entries().subList(from, Math.min(to, message.entries().size()))) {
      derived.removeEntry(entry, message.number());
    }
  }

  /**
   * Its last events, one at least.
   *
   * @return whether these were all, so that it is gone
   */
  boolean events(Outdated message, int most) throws SQLException {
    remove(lastEvents(message, most));
    boolean isGone =
        sql.number("SELECT 1 FROM event WHERE message = ? LIMIT 1", message.number()).isEmpty();
    if (isGone) {
      end();
      count();
    }
    return isGone;
  }

  private List<Row> lastEvents(Outdated message, int most) throws SQLException {
    List<Row> last =
        sql.list(
            "SELECT sequence, "
                + WEIGHT
                + " FROM event WHERE message = ? ORDER BY sequence DESC LIMIT ?",
            Row::of,
            message.number(),
            most);
    int count = 0;
    long weight = 0;
    for (Row row : last) {
      weight += row.weight();
      count += count == 0 || weight <= most ? 1 : 0;
    }
    return last.subList(0, count);
  }

  /** Removes events, which are about no message or about one that goes. */
  int remove(List<Row> events) throws SQLException {
    for (Row event : events) {
      derived.removeOddity(event.sequence());
      sql.update("DELETE FROM event WHERE sequence = ?", event.sequence());
    }
    return events.size();
  }

  private void end() throws SQLException {
    sql.update("DELETE FROM parameter WHERE name = ?", GOING);
  }

  private void count() throws SQLException {
    sql.update(
        "INSERT INTO parameter VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1",
        PURGED);
  }
}
