package org.mailjournal.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.Set;
import org.mailjournal.journal.JournalException;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/** Opens the journal's file: for its one writer, or for a reader. */
final class Database {
  /** Pages in the WAL at which a commit moves them, where no checkpointer does: 256 MiB. */
  private static final int CHECKPOINT = 131_072;

  /** 64 MiB take some 0.1 s. */
  private static final long CHECKED_AT_START = 64L << 20;

  private static final int CACHE_KIB = 32 * 1024;

  /**
   * Half of SQLite's own: a message changes rows at random places of an index, and each such place
   * is a page in the log. Counts for new files only.
   */
  private static final int PAGE_BYTES = 2048;

  private final Settings settings;

  Database(Settings settings) {
    this.settings = settings;
  }

  /** Makes the file where there is none, readable by its owner and group only. */
  void create() {
    Path file = settings.file();
    refuseLink(file);
    try {
      Path directory = file.getParent();
      if (!Files.isDirectory(directory)) {
        Files.createDirectories(directory, rights("rwxr-x---"));
      }
      // SQLite gives its -wal and -shm the rights of this file. Never opened here otherwise: to
      // close a descriptor of it would free SQLite's own locks in this process (fcntl(2)).
      if (!Files.exists(file)) {
        requireNeverBegun();
        Files.createFile(file, rights("rw-r-----"));
      }
    } catch (IOException e) {
      throw JournalException.temporary(
          "open", "cannot create " + file + " (" + e + ")", "look at its directory's rights", e);
    }
  }

  private static FileAttribute<Set<PosixFilePermission>> rights(String rights) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(rights));
  }

  private static void refuseLink(Path file) {
    if (Files.isSymbolicLink(file)) {
      throw JournalException.permanent(
          "open",
          file + " is a symbolic link",
          "set store.url to the file itself; links are not followed",
          null);
    }
  }

  boolean isWrittenTo() {
    return DaemonLock.isHeld(settings.file());
  }

  Sql writer() throws SQLException {
    refuseLink(settings.file());
    SQLiteConfig config = new SQLiteConfig();
    config.setPageSize(PAGE_BYTES);
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setBusyTimeout((int) settings.patience().toMillis());
    config.setCacheSize(-CACHE_KIB);
    // Else the driver asks for last_insert_rowid() behind each INSERT.
    config.setGetGeneratedKeys(false);
    // A header section that was let go is overwritten, not only unlinked.
    config.setPragma(SQLiteConfig.Pragma.SECURE_DELETE, "on");
    Sql sql = Sql.on(JDBC.createConnection(url(""), config.toProperties()));
    sql.execute("PRAGMA wal_autocheckpoint = " + CHECKPOINT);
    // What a burst made longer is given back when the log begins anew.
    sql.execute("PRAGMA journal_size_limit = " + (long) CHECKPOINT * PAGE_BYTES);
    return sql;
  }

  /** One that writes, for which the {@link Checkpointer} says when pages leave the log. */
  Sql recorder() throws SQLException {
    Sql sql = writer();
    sql.execute("PRAGMA wal_autocheckpoint = 0");
    return sql;
  }

  /**
   * A connection that reads.
   *
   * @param isFrozen whether it shows the file as it was, and never what is written later
   */
  record Reading(Sql sql, boolean isFrozen) {}

  /** Fails when there is no journal, or one that this program cannot read. */
  Reading reader() throws SQLException {
    requireFile();
    try {
      return new Reading(ready(reader("")), false);
    } catch (SQLException e) {
      if (!isUnwritableDirectory(e) || hasWal(settings.file())) {
        throw e;
      }
      // Nobody can be writing: a writer would have its -wal there. So no locks are needed.
      return new Reading(ready(reader("?immutable=1")), true);
    }
  }

  void requireFile() {
    Path file = settings.file();
    refuseLink(file);
    if (Files.isDirectory(file)) {
      throw JournalException.permanent(
          "open",
          file + " is a directory",
          "set store.url to a file in it, such as " + file.resolve("journal.db"),
          null);
    }
    if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
      requireNeverBegun();
      throw JournalException.permanent(
          "open",
          "there is no journal at " + file,
          "start the daemon, which makes it (systemctl start mail-journal, or journal run), or set"
              + " store.url to where it is",
          null);
    }
    if (!Files.isReadable(file)) {
      throw JournalException.permanent(
          "open",
          file + " may not be read by " + System.getProperty("user.name"),
          "ask as root (sudo), as the daemon's user, or as a member of its group",
          null);
    }
  }

  /**
   * Looks for the journal's end, on a connection that cannot write: the last one that can moves the
   * log into the file when it closes, and removes it with all that it could not read.
   *
   * @throws JournalException when events are missing
   */
  void requireWhole() throws SQLException {
    if (isEmpty()) {
      // Not even looked at: SQLite removes the log of an empty file.
      requireNeverBegun();
      return;
    }
    if (isHalfWritten()) {
      return;
    }
    try (Sql sql = reader("")) {
      if (Migrations.check(sql, settings.file().toString()) > 0) {
        Mark.check(settings.file(), sql);
      } else {
        requireNeverBegun();
      }
    }
  }

  private void requireNeverBegun() {
    Mark.requireNone(settings.file());
  }

  private boolean isEmpty() {
    return settings.file().toFile().length() == 0;
  }

  /**
   * A kill left a rollback journal, as before the file has its log: only a writer takes it back.
   */
  private boolean isHalfWritten() {
    Path file = settings.file();
    return file.resolveSibling(file.getFileName() + "-journal").toFile().length() > 0;
  }

  /**
   * Looks through the pages of a file that is small enough to do so at each start, on such a
   * connection; of a larger one that is the business of {@code journal verify}.
   */
  void requireSound() throws SQLException {
    if (isEmpty() || isHalfWritten()) {
      return;
    }
    try (Sql sql = reader("")) {
      if (Files.size(settings.file()) > CHECKED_AT_START) {
        return;
      }
      String found = sql.list("PRAGMA quick_check(1)", row -> row.getString(1)).get(0);
      if (!found.equals("ok")) {
        throw Trouble.damaged("open", found);
      }
    } catch (IOException e) {
      throw new SQLException(e);
    }
  }

  private Sql reader(String parameters) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setOpenMode(SQLiteOpenMode.OPEN_URI);
    config.setBusyTimeout((int) settings.patience().toMillis());
    return Sql.on(JDBC.createConnection(url(parameters), config.toProperties()));
  }

  private Sql ready(Sql sql) throws SQLException {
    try {
      int version = Migrations.check(sql, settings.file().toString());
      if (version == 0) {
        requireNeverBegun();
      }
      if (version < Migrations.newest()) {
        throw JournalException.temporary(
            "open",
            settings.file() + " has schema " + version + ", older than this program's",
            "start the daemon once, which brings it up to date",
            null);
      }
      if (Rebuild.isUnfinished(sql)) {
        throw JournalException.temporary(
            "open",
            settings.file() + " is being rebuilt, or that was cut short",
            "wait until it is done; if nobody is at it, start the daemon, which does it anew",
            null);
      }
      Mark.check(settings.file(), sql);
      return sql;
    } catch (SQLException | RuntimeException e) {
      sql.close();
      throw e;
    }
  }

  private static boolean isUnwritableDirectory(SQLException e) {
    return switch (Trouble.primary(e)) {
      case SQLITE_CANTOPEN, SQLITE_READONLY -> true;
      default -> false;
    };
  }

  private static boolean hasWal(Path file) {
    Path wal = file.resolveSibling(file.getFileName() + "-wal");
    try {
      return Files.exists(wal) && Files.size(wal) > 0;
    } catch (IOException e) {
      return true;
    }
  }

  private String url(String parameters) {
    String file = settings.file().toString();
    if (parameters.isEmpty()) {
      return JDBC.PREFIX + file;
    }
    return JDBC.PREFIX + "file:" + file.replace("%", "%25").replace("#", "%23") + parameters;
  }
}
