package org.mailjournal.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import org.mailjournal.journal.JournalException;

/**
 * The lock that one daemon holds while it writes into a journal. The operating system frees it when
 * the process ends, however it ends. Who holds it stands in a file of its own: POSIX frees a
 * process's locks on a file as soon as the process closes any descriptor of it (fcntl(2)), so the
 * locked file is opened once and never read; and a second attempt in the same process, which would
 * free the lock of the first by failing, is known by that other file.
 */
final class DaemonLock implements AutoCloseable {
  private final FileChannel channel;
  private final Path holder;

  private DaemonLock(FileChannel channel, Path holder) {
    this.channel = channel;
    this.holder = holder;
  }

  static DaemonLock take(Path database) {
    Path file = sibling(database, ".lock");
    Path holder = sibling(database, ".pid");
    if (said(holder).equals(self())) {
      throw held(file, holder, null);
    }
    try {
      FileChannel channel = open(file);
      try {
        FileLock lock = channel.tryLock();
        if (lock == null) {
          throw held(file, holder, null);
        }
        giveToOwnerOfDirectory(file);
        writeHolder(holder);
        return new DaemonLock(channel, holder);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw JournalException.temporary(
          "open",
          "cannot lock " + file + " (" + e + ")",
          "make room, or look at the rights of its directory",
          e);
    }
  }

  /** Whether a daemon holds it; where that cannot be seen, one may. */
  static boolean isHeld(Path database) {
    // In the daemon itself the lock must not be touched: to close the channel would free it.
    if (said(sibling(database, ".pid")).equals(self())) {
      return true;
    }
    try (FileChannel channel =
            FileChannel.open(
                sibling(database, ".lock"), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
        FileLock shared = channel.tryLock(0, Long.MAX_VALUE, true)) {
      return shared == null;
    } catch (NoSuchFileException never) {
      return false;
    } catch (IOException | OverlappingFileLockException unseen) {
      return true;
    }
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file,
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
  }

  /** What root's {@code journal rebuild} makes in the daemon's directory must be the daemon's. */
  private static void giveToOwnerOfDirectory(Path file) throws IOException {
    UserPrincipal owner = Files.getOwner(file.toAbsolutePath().getParent());
    if (System.getProperty("user.name").equals("root") && !Files.getOwner(file).equals(owner)) {
      Files.setOwner(file, owner);
    }
  }

  private static void writeHolder(Path holder) throws IOException {
    Files.deleteIfExists(holder);
    Files.createFile(
        holder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
    Files.writeString(holder, self());
  }

  /** Process ids come again (in a container always the same), so its start belongs to it. */
  private static String self() {
    ProcessHandle process = ProcessHandle.current();
    return process.pid() + process.info().startInstant().map(at -> " since " + at).orElse("");
  }

  private static String said(Path holder) {
    try {
      return Files.readString(holder);
    } catch (IOException nobodySaid) {
      return "";
    }
  }

  private static JournalException held(Path file, Path holder, Throwable cause) {
    String who = said(holder);
    return JournalException.permanent(
        "open",
        "another daemon" + (who.isEmpty() ? "" : " (process " + who + ")") + " holds " + file,
        "stop it first; a second daemon needs another store.url",
        cause);
  }

  private static Path sibling(Path database, String suffix) {
    return database.resolveSibling(database.getFileName() + suffix);
  }

  @Override
  public void close() {
    try (channel) {
      Files.deleteIfExists(holder);
    } catch (IOException e) {
      // The operating system frees the lock at the end of the process at the latest.
    }
  }
}
