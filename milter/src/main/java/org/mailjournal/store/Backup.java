package org.mailjournal.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import org.mailjournal.journal.JournalException;

/** Copies a journal, of one moment and without unused pages, while others write and read it. */
final class Backup {
  private Backup() {}

  /**
   * Makes the file, which must not be there.
   *
   * @return how many events are in it
   */
  static long to(Path target, Settings settings) {
    Path file = target.toAbsolutePath();
    create(file);
    boolean done = false;
    try (Sql sql = new Database(settings).reader().sql()) {
      long events = copy(sql, file);
      done = true;
      return events;
    } catch (SQLException | IOException e) {
      throw Trouble.of("backup", e);
    } finally {
      if (!done) {
        remove(file);
      }
    }
  }

  private static void create(Path file) {
    try {
      // SQLite would make it readable by everybody; it takes an empty one as it is.
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
    } catch (FileAlreadyExistsException e) {
      throw JournalException.permanent(
          "backup", file + " is there already", "name a file that is not", e);
    } catch (IOException e) {
      throw JournalException.permanent(
          "backup", "cannot create " + file + " (" + e + ")", "name a place to write to", e);
    }
  }

  private static long copy(Sql sql, Path file) throws SQLException, IOException {
    sql.update("VACUUM INTO ?", file.toString());
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Settings copy = Settings.of("jdbc:sqlite:" + file);
    try (Sql there = new Database(copy).reader().sql()) {
      return there.number("SELECT count(*) FROM event").orElse(0);
    }
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException left) {
      // The failure that led here is what the admin is told.
    }
  }
}
