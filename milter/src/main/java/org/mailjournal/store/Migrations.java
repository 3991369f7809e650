package org.mailjournal.store;

import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import org.mailjournal.journal.JournalException;

/**
 * The numbered steps from an empty file to the present schema; a released one is never edited. Own
 * code in place of Flyway, because its start alone takes longer than the whole command line may.
 */
final class Migrations {
  /** "MJnl": tells our files from other SQLite files. */
  private static final long APPLICATION = 0x4D4A6E6CL;

  private static final List<List<String>> STEPS =
      List.of(
          List.of(
              // Events and the words that their bodies name are the truth.
              "CREATE TABLE event (sequence INTEGER PRIMARY KEY, message INTEGER, body BLOB NOT"
                  + " NULL)",
              "CREATE INDEX event_of_message ON event (message) WHERE message IS NOT NULL",
              "CREATE TABLE word (number INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE)",
              "CREATE TABLE parameter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT"
                  + " ROWID"),
          // From here on, too, bodies of received events may end in a digest, and there are events
          // of receipts, which older programs cannot read.
          List.of(
              // A new file has the derived one from step 1 already.
              "CREATE TABLE IF NOT EXISTS receipt (message INTEGER PRIMARY KEY)",
              // Neither truth nor derived: header sections, for as long as a receipt needs them.
              "CREATE TABLE kept (message INTEGER PRIMARY KEY, section BLOB NOT NULL)"),
          // From here on bodies of events are of versions 3 and 4, which older programs cannot
          // read.
          List.of(),
          // A message is linked to its nearest earlier hop alone, which is its latest.
          List.of(
              "DELETE FROM hop WHERE EXISTS (SELECT 1 FROM hop AS nearer WHERE nearer.message ="
                  + " hop.message AND nearer.previous > hop.previous)"),
          // From here on a recipient of a received event may have a second address.
          List.of());

  private Migrations() {}

  static int newest() {
    return STEPS.size();
  }

  /**
   * Brings a file up to the present schema, each step in its own transaction.
   *
   * @throws JournalException for a file that is newer than this program, or none of ours
   */
  static void run(Sql sql, String file) throws SQLException {
    int version = check(sql, file);
    for (int step = version; step < STEPS.size(); step++) {
      sql.execute("BEGIN IMMEDIATE");
      for (String statement : STEPS.get(step)) {
        sql.execute(statement);
      }
      if (step == 0) {
        for (String statement : Derived.schema("main")) {
          sql.execute(statement);
        }
        sql.execute("PRAGMA application_id = " + APPLICATION);
        sql.update(
            "INSERT INTO parameter VALUES ('seed', ?)", ThreadLocalRandom.current().nextLong());
      }
      sql.execute("PRAGMA user_version = " + (step + 1));
      sql.execute("COMMIT");
    }
  }

  /**
   * The file's schema number.
   *
   * @throws JournalException for a file that is newer than this program, or none of ours
   */
  static int check(Sql sql, String file) throws SQLException {
    long version = value(sql, "PRAGMA user_version");
    long application = value(sql, "PRAGMA application_id");
    long tables = value(sql, "SELECT count(*) FROM sqlite_master");
    if (tables > 0 && application != APPLICATION) {
      throw JournalException.permanent(
          "open",
          file + " is an SQLite file, but not a journal",
          "set store.url to the journal's own file",
          null);
    }
    if (version > STEPS.size()) {
      throw JournalException.permanent(
          "open",
          file + " has schema " + version + ", and this program knows " + STEPS.size(),
          "run the newer program that wrote it",
          null);
    }
    return (int) version;
  }

  private static long value(Sql sql, String query) throws SQLException {
    OptionalLong value = sql.number(query);
    return value.orElse(0);
  }
}
