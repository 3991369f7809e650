package org.mailjournal.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks for what is wrong in a journal: SQLite's own check, every event's body, and the derived
 * tables against what the events say, made in temporary tables. Changes nothing, and runs beside
 * the daemon.
 */
final class Verification {
  private static final int PAGE = 1000;
  private static final int MOST_PROBLEMS = 100;

  private final Sql sql;
  private final Loader loader;
  private final List<String> problems = new ArrayList<>();

  Verification(Readers.Session session) {
    this.sql = session.sql();
    this.loader = session.loader();
  }

  List<String> problems() throws SQLException {
    checkFile();
    boolean isFileSound = problems.isEmpty();
    try {
      checkDerived();
    } catch (SQLException e) {
      // Of a file that is known to be damaged all that can be said is said.
      if (isFileSound) {
        throw e;
      }
      report("file: " + e.getMessage());
    }
    return List.copyOf(problems);
  }

  private void checkDerived() throws SQLException {
    for (String statement : Derived.schema("temp")) {
      sql.execute(statement);
    }
    if (checkEvents()) {
      for (String table : Derived.TABLES) {
        compare(table);
      }
      checkKept();
    }
    for (String table : Derived.TABLES) {
      sql.execute("DROP TABLE temp." + table);
    }
  }

  private void checkFile() throws SQLException {
    for (String line : sql.list("PRAGMA integrity_check", row -> row.getString(1))) {
      if (!line.equals("ok")) {
        report("file: " + line);
      }
    }
  }

  private void checkKept() throws SQLException {
    long idle =
        sql.number("SELECT count(*) FROM kept WHERE message NOT IN (SELECT message FROM receipt)")
            .orElse(0);
    if (idle > 0) {
      report("table kept: " + idle + " header sections that no receipt waits for");
    }
  }

  private boolean checkEvents() throws SQLException {
    Derived derived = Derived.anew(sql, loader, "temp");
    Replay replay = new Replay(loader, derived);
    boolean allRead = true;
    long last = 0;
    List<Loader.Stored> page;
    do {
      page = loader.after(last, PAGE);
      for (Loader.Stored stored : page) {
        last = stored.sequence();
        try {
          replay.apply(stored);
        } catch (MalformedBody e) {
          report(e.getMessage());
          allRead = false;
        }
      }
    } while (page.size() == PAGE);
    derived.settle();
    return allRead;
  }

  private void compare(String table) throws SQLException {
    compare(table, "main", "temp", "rows that no event explains");
    compare(table, "temp", "main", "rows missing");
  }

  private void compare(String table, String one, String other, String meaning) throws SQLException {
    String rows = rows(one, table) + " EXCEPT " + rows(other, table);
    long count = sql.number("SELECT count(*) FROM (" + rows + ")").orElse(0);
    if (count > 0) {
      report("table " + table + ": " + count + " " + meaning + "; run 'journal rebuild'");
    }
  }

  /** But for what is left of a message that is being taken out. */
  private String rows(String schema, String table) {
    String all = "SELECT * FROM " + schema + "." + table;
    boolean areOfMessages = Derived.TABLES_OF_MESSAGES.contains(table);
    return areOfMessages ? all + " WHERE message <> " + loader.going() : all;
  }

  private void report(String problem) {
    if (problems.size() < MOST_PROBLEMS) {
      problems.add(problem);
    }
  }
}
