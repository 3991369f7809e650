package org.mailjournal.store;

import java.sql.SQLException;
import java.util.List;
import org.mailjournal.journal.Rebuilt;

/**
 * Makes the derived tables anew from the events, in steps, so that the write-ahead log stays small.
 * A mark stands in the file meanwhile: whoever ends in between starts anew, and readers wait. So an
 * event that cannot be read is left out: to stop at it would leave the mark, and lock everybody
 * out.
 */
final class Rebuild {
  private static final int STEP = 5000;

  private final Sql sql;
  private long events;
  private long unreadable;

  Rebuild(Sql sql) {
    this.sql = sql;
  }

  static boolean isUnfinished(Sql sql) throws SQLException {
    return sql.number("SELECT value FROM parameter WHERE name = 'rebuilding'").isPresent();
  }

  Rebuilt run() throws SQLException {
    try (Loader loader = new Loader(sql)) {
      Derived derived = Derived.anew(sql, loader, "main");
      Replay replay = new Replay(loader, derived);
      sql.execute("BEGIN IMMEDIATE");
      sql.update("INSERT OR REPLACE INTO parameter VALUES ('rebuilding', 1)");
      derived.clear();
      sql.execute("COMMIT");
      long last = 0;
      List<Loader.Stored> step;
      do {
        step = loader.after(last, STEP);
        sql.execute("BEGIN IMMEDIATE");
        for (Loader.Stored stored : step) {
          last = stored.sequence();
          apply(stored, replay);
        }
        if (step.size() < STEP) {
          derived.settle();
        }
        sql.execute("COMMIT");
      } while (step.size() == STEP);
      sql.update("DELETE FROM parameter WHERE name = 'rebuilding'");
      return new Rebuilt(events, unreadable);
    }
  }

  private void apply(Loader.Stored stored, Replay replay) throws SQLException {
    events++;
    try {
      replay.apply(stored);
    } catch (MalformedBody e) {
      unreadable++;
    }
  }
}
