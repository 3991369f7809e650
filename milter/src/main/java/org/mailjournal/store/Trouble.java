package org.mailjournal.store;

import java.sql.SQLException;
import org.mailjournal.journal.JournalException;
import org.sqlite.SQLiteErrorCode;

/** Says once what an error of the database means: whether it may pass, and what to do about it. */
final class Trouble {
  private Trouble() {}

  static JournalException of(String stage, Throwable cause) {
    if (cause instanceof JournalException said) {
      return said;
    }
    if (cause instanceof UncheckedSqlException carrier) {
      return of(stage, carrier.sql());
    }
    if (cause instanceof SQLException sql) {
      return of(stage, sql);
    }
    if (cause instanceof MalformedBody) {
      return damaged(stage, cause);
    }
    if (cause instanceof Error) {
      return JournalException.temporary(
          stage, cause.toString(), "give the daemon more memory (-Xmx)", cause);
    }
    return JournalException.permanent(
        stage, "an event cannot be stored: " + cause, "report this with the event", cause);
  }

  private static JournalException of(String stage, SQLException cause) {
    String problem = cause.getMessage();
    return switch (primary(cause)) {
      case SQLITE_FULL ->
          JournalException.temporary(
              stage, "the disk is full (" + problem + ")", "free space on it", cause);
      case SQLITE_BUSY, SQLITE_LOCKED ->
          JournalException.temporary(
              stage,
              "another program holds the file locked (" + problem + ")",
              "end it, or wait until it is done",
              cause);
      case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_FORMAT, SQLITE_EMPTY -> damaged(stage, cause);
      case SQLITE_READONLY, SQLITE_PERM, SQLITE_CANTOPEN, SQLITE_AUTH ->
          JournalException.temporary(
              stage,
              "the file cannot be opened or written (" + problem + ")",
              "look at the rights of the file and its directory, and at the mount",
              cause);
      case SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH ->
          JournalException.permanent(
              stage, "an event cannot be stored: " + problem, "report this with the event", cause);
      default ->
          JournalException.temporary(
              stage, "the file cannot be used (" + problem + ")", "look at the disk", cause);
    };
  }

  private static JournalException damaged(String stage, Throwable cause) {
    return damaged(stage, cause.getMessage(), cause);
  }

  static JournalException damaged(String stage, String found) {
    return damaged(stage, found, null);
  }

  private static JournalException damaged(String stage, String found, Throwable cause) {
    return JournalException.permanent(
        stage,
        "the journal's file is damaged (" + found + ")",
        "stop the daemon, keep a copy of the file with its -wal, run 'journal verify' on it, and"
            + " restore a backup or recover with 'sqlite3 FILE .recover'",
        cause);
  }

  /**
   * Whether another request could succeed where this one failed: what the disk or the file refuses,
   * it refuses to all.
   */
  static boolean isOfTheRequest(Throwable cause) {
    if (cause instanceof UncheckedSqlException carrier) {
      return isOfTheRequest(carrier.sql());
    }
    if (cause instanceof SQLException sql) {
      return switch (primary(sql)) {
        case SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH -> true;
        default -> false;
      };
    }
    return !(cause instanceof Error);
  }

  static SQLiteErrorCode primary(SQLException cause) {
    // SQLite's extended codes carry the primary one in their lowest byte.
    return SQLiteErrorCode.getErrorCode(cause.getErrorCode() & 0xFF);
  }
}
