package org.mailjournal.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.OptionalLong;
import java.util.Set;
import java.util.zip.CRC32C;
import org.mailjournal.journal.JournalException;
import org.sqlite.SQLiteErrorCode;

/**
 * The number of the newest event that was committed, in a small file beside the journal. SQLite
 * ends the replay of its write-ahead log without a word at the first frame whose checksum does not
 * hold, as if the rest had never been committed; what is missing then is missing against this
 * number.
 *
 * <p>It is written behind each commit and not synced, so it costs microseconds. A power cut can
 * leave an older number, never a newer one: it may overlook a loss, and invents none.
 */
final class Mark implements AutoCloseable {
  private static final String SUFFIX = ".mark";
  private static final int SIZE = 2 * Long.BYTES + Integer.BYTES;

  private final FileChannel channel;
  private final long seed;

  /** What the file says. */
  private record Said(long seed, long sequence) {}

  private Mark(FileChannel channel, long seed) {
    this.channel = channel;
    this.seed = seed;
  }

  /** For the one writer. */
  static Mark open(Path database, Sql sql) throws SQLException {
    long seed = seed(sql);
    try {
      FileChannel channel =
          FileChannel.open(
              of(database),
              Set.of(
                  StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
      return new Mark(channel, seed);
    } catch (IOException e) {
      throw JournalException.temporary(
          "open",
          "cannot write " + of(database) + " (" + e + ")",
          "make room, or look at the rights of its directory",
          e);
    }
  }

  /**
   * Asks the file system for something that it can do only while it can still write. To be called
   * behind a commit, before anybody is told of it: when ext4 aborts its journal, an fdatasync that
   * is under way may end without error though nothing reached the disk (Linux 6.18, 3 of 25
   * aborts). Of what was tried without a further sync, setting the size back was refused in every
   * case; new times and overwritten octets were taken now and then (doc/RELIABILITY.md).
   *
   * @throws SQLException when it cannot
   */
  void requireLivingDisk() throws SQLException {
    try {
      channel.write(ByteBuffer.allocate(1), SIZE);
      channel.truncate(SIZE);
    } catch (IOException e) {
      throw new SQLException(
          "the file system failed behind the commit (" + e.getMessage() + ")",
          null,
          SQLiteErrorCode.SQLITE_IOERR.code,
          e);
    }
  }

  /** Everything up to this number is on the disk. */
  void set(long sequence) {
    ByteBuffer bytes = ByteBuffer.allocate(SIZE).putLong(seed).putLong(sequence);
    bytes.putInt(checksum(bytes.array())).flip();
    try {
      channel.write(bytes, 0);
    } catch (IOException older) {
      // The number that stands there still holds: it is only not the newest.
    }
  }

  /**
   * Compares with what a journal has.
   *
   * @throws JournalException when events are missing
   */
  static void check(Path database, Sql sql) throws SQLException {
    // First the mark, then the journal: a writer beside us only adds.
    Said said = read(database);
    if (said == null) {
      return;
    }
    OptionalLong newest = sql.number("SELECT max(sequence) FROM event");
    if (said.seed() != seed(sql)) {
      throw missing(database, "is not the journal that stood here", said);
    }
    if (newest.orElse(0) < said.sequence()) {
      throw missing(database, "ends with event " + newest.orElse(0), said);
    }
  }

  /**
   * A journal that is not there must never have been.
   *
   * @throws JournalException when there was one
   */
  static void requireNone(Path database) {
    Said said = read(database);
    if (said != null && said.sequence() > 0) {
      throw missing(database, "is gone", said);
    }
  }

  private static JournalException missing(Path database, String what, Said said) {
    return JournalException.permanent(
        "open",
        database
            + " "
            + what
            + ", and event "
            + said.sequence()
            + " was on the disk: its end is cut off or damaged, or another file took its place",
        "keep a copy of "
            + database
            + "*, look at the disk, and restore a backup; to go on with what is left, remove "
            + of(database),
        null);
  }

  private static long seed(Sql sql) throws SQLException {
    return sql.number("SELECT value FROM parameter WHERE name = 'seed'")
        .orElseThrow(() -> new MalformedBody("its seed is not found"));
  }

  /** Null where there is none, or one that a power cut tore. */
  private static Said read(Path database) {
    try {
      byte[] bytes = Files.readAllBytes(of(database));
      // One octet more while a commit tries the disk.
      if (bytes.length < SIZE) {
        return null;
      }
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      Said said = new Said(buffer.getLong(), buffer.getLong());
      return buffer.getInt() == checksum(bytes) ? said : null;
    } catch (NoSuchFileException none) {
      return null;
    } catch (IOException unreadable) {
      throw JournalException.temporary(
          "open",
          "cannot read " + of(database) + " (" + unreadable + ")",
          "look at its rights, which are those of the journal",
          unreadable);
    }
  }

  private static int checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, 2 * Long.BYTES);
    return (int) crc.getValue();
  }

  private static Path of(Path database) {
    return database.resolveSibling(database.getFileName() + SUFFIX);
  }

  @Override
  public void close() {
    try (channel) {
      channel.force(true);
    } catch (IOException older) {
      // As in set().
    }
  }
}
