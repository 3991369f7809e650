package org.mailjournal.postfix;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.mailjournal.journal.Bytes;
import org.mailjournal.journal.Event;

/**
 * A bounce, defer or trace file of one message on the disk. Nobody writes into it while qmgr waits
 * for an answer. But a qmgr that was started anew, or whose connection was lost, waits no longer:
 * then delivery agents write of the next pass, and what they write must not go with what was read.
 */
final class LogFile {
  private static final FileAttribute<?> RIGHTS =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /** Two requests for one message, the first of which nobody waits for, do not share a file. */
  private static final AtomicLong YOUNG = new AtomicLong();

  private final Path path;
  private String stamp = "";
  private long length;

  LogFile(Path path) {
    this.path = path;
  }

  /** A part of the file that is to stay, from its first byte to behind its last. */
  record Range(long start, long end) {}

  /** Whether nobody has written into it, or there is no such file. */
  boolean isEmpty() throws IOException {
    stamp = attempt();
    length = 0;
    try {
      return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).size()
          == 0;
    } catch (NoSuchFileException none) {
      return true;
    }
  }

  /** Each of its paragraphs; none where there is no such file. */
  void each(Consumer<LogReader.Paragraph> visitor) throws IOException {
    stamp = attempt();
    length = 0;
    try (FileChannel channel = channel();
        LogReader reader = new LogReader(Channels.newInputStream(channel))) {
      Optional<LogReader.Paragraph> next = reader.next();
      while (next.isPresent()) {
        visitor.accept(next.get());
        next = reader.next();
      }
      length = channel.position();
    } catch (NoSuchFileException none) {
      // Nobody has written of this message.
    }
  }

  /**
   * What was read, for a second look; empty where there was nothing. It is this file as long as
   * {@link #isAsRead} holds afterwards.
   */
  Optional<HeldLog> held() throws IOException {
    try {
      return length == 0 ? Optional.empty() : Optional.of(new HeldLog(channel(), length));
    } catch (NoSuchFileException gone) {
      return Optional.empty();
    }
  }

  /** Whether it is what was read, or was not there and still is not. */
  boolean isAsRead() throws IOException {
    try {
      return attempt().equals(stamp) && (stamp.isEmpty() || Files.size(path) == length);
    } catch (NoSuchFileException gone) {
      return false;
    }
  }

  /**
   * What tells a pass's file from that of the next: qmgr removes the defer file before each pass
   * (qmgr_message_alloc), so that it is the same file with the same last change only as long as it
   * tells of the same attempts.
   */
  String attempt() throws IOException {
    try {
      Map<String, Object> attributes =
          Files.readAttributes(path, "unix:ino,lastModifiedTime", LinkOption.NOFOLLOW_LINKS);
      long changed = ((FileTime) attributes.get("lastModifiedTime")).to(TimeUnit.NANOSECONDS);
      return attributes.get("ino") + "." + Long.toString(changed, Character.MAX_RADIX);
    } catch (NoSuchFileException none) {
      return "";
    }
  }

  /** The SHA-256 of the whole and its first bytes, as an oddity has them. */
  Fingerprint fingerprint() throws IOException {
    MessageDigest digest = sha256();
    byte[] head = new byte[0];
    stamp = attempt();
    length = 0;
    try (FileChannel channel = channel();
        InputStream in = Channels.newInputStream(channel)) {
      head = in.readNBytes(Event.Oddity.EXCERPT);
      digest.update(head);
      byte[] buffer = new byte[16 * 1024];
      for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
      }
      length = channel.position();
    } catch (NoSuchFileException none) {
      // An empty input it is, then.
    }
    return new Fingerprint(
        HexFormat.of().formatHex(digest.digest()), Bytes.head(head, Event.Oddity.EXCERPT));
  }

  record Fingerprint(String sha256, Bytes excerpt) {}

  /**
   * Removes it.
   *
   * @return false when somebody has written into it since it was read: that stays
   */
  boolean delete() throws IOException {
    try (FileChannel gone = channel()) {
      if (!isAsRead()) {
        return false;
      }
      Files.delete(path);
      return !restored(gone);
    } catch (NoSuchFileException none) {
      return true;
    }
  }

  /** Whether anything was written between the last look and the removal; it is put back then. */
  private boolean restored(FileChannel gone) throws IOException {
    long more = gone.size() - length;
    if (more <= 0) {
      return false;
    }
    Set<StandardOpenOption> append = Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    try (FileChannel to = FileChannel.open(path, append, RIGHTS)) {
      copy(gone, new Range(length, length + more), Channels.newOutputStream(to));
    }
    return true;
  }

  /**
   * Leaves only these parts in the file, byte for byte. The file is replaced as a whole, so that a
   * crash leaves the old one or the new one.
   *
   * @return false when somebody has written into it since it was read: that stays
   */
  boolean keep(List<Range> ranges) throws IOException {
    // The dot keeps Postfix's own programs from taking it for a queue file.
    Path young =
        path.resolveSibling("." + path.getFileName() + ".journal" + YOUNG.incrementAndGet());
    Files.deleteIfExists(young);
    try {
      return replace(ranges, young);
    } finally {
      Files.deleteIfExists(young);
    }
  }

  private boolean replace(List<Range> ranges, Path young) throws IOException {
    try (FileChannel from = channel();
        FileChannel to =
            FileChannel.open(
                young, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW), RIGHTS)) {
      OutputStream out = new BufferedOutputStream(Channels.newOutputStream(to), 64 * 1024);
      for (Range range : ranges) {
        // What separates paragraphs on the disk is an empty line before each of them.
        out.write('\n');
        copy(from, range, out);
      }
      out.flush();
      to.force(true);
      if (!Files.getOwner(path).equals(Files.getOwner(young))) {
        Files.setOwner(young, Files.getOwner(path));
      }
      if (!isAsRead()) {
        return false;
      }
      Files.move(young, path, StandardCopyOption.ATOMIC_MOVE);
      stamp = attempt();
      boolean changed = restored(from);
      length = to.size();
      return !changed;
    }
  }

  private static void copy(FileChannel from, Range range, OutputStream out) throws IOException {
    from.position(range.start());
    InputStream in = Channels.newInputStream(from);
    byte[] buffer = new byte[16 * 1024];
    long left = range.end() - range.start();
    while (left > 0) {
      int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (read < 0) {
        throw new IOException("trace file: became shorter while it was read");
      }
      out.write(buffer, 0, read);
      left -= read;
    }
  }

  private FileChannel channel() throws IOException {
    return FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }
}
