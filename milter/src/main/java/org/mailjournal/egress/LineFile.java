package org.mailjournal.egress;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A file of lines that has its blocks beforehand, for a disk that is full when it is needed: line
 * ends, which are written over in place and say nothing when they are read. A line that is erased
 * is made of line ends again, and no other is touched: a crash in the middle tears none of them.
 */
final class LineFile {
  static final int RESERVE = 256 * 1024;
  private static final int BLOCK = 256 * 1024;

  private final Path path;
  private long end;

  LineFile(Path path) {
    this.path = path;
  }

  /** What stands in one line: an octet is a character, as a torn line may hold any. */
  record Line(long position, String text) {}

  /**
   * Whole lines that stand behind each other.
   *
   * @param next where to read on
   * @param isLast whether nothing was behind it; what is appended later may begin in front of next
   */
  record Block(List<Line> lines, long next, boolean isLast) {}

  /** Makes the file, with room in it, or finds the end of what a file from before holds. */
  synchronized void prepare() throws IOException {
    if (Files.exists(path)) {
      try (FileChannel channel = open(StandardOpenOption.READ)) {
        // Before anything else can fail: the next line would be written over those that wait.
        end = end(channel);
      }
      shrink();
      long size = Files.size(path);
      write(size, emptyLines((int) Math.max(0, RESERVE - size)));
    } else {
      end = 0;
      write(0, emptyLines(RESERVE));
      syncDirectory();
    }
  }

  /** Writes one behind the others, to the disk. */
  synchronized void append(String line) throws IOException {
    // A line end in front, too: what a crash tore before must not swallow this one.
    ByteBuffer bytes = ByteBuffer.wrap(("\n" + line + "\n").getBytes(StandardCharsets.US_ASCII));
    int length = bytes.remaining();
    write(end, bytes);
    end += length;
  }

  /** The lines from a position on, as many as a block has, and one at least. */
  synchronized Block read(long position) throws IOException {
    if (!Files.exists(path)) {
      return new Block(List.of(), position, true);
    }
    try (FileChannel channel = open(StandardOpenOption.READ)) {
      int wanted = BLOCK;
      while (true) {
        byte[] bytes = bytes(channel, position, wanted);
        boolean isLast = position + bytes.length >= channel.size();
        int whole = isLast ? bytes.length : wholeLines(bytes);
        if (whole > 0 || isLast) {
          return new Block(lines(position, bytes, whole), position + whole, isLast);
        }
        wanted *= 2;
      }
    }
  }

  private static int wholeLines(byte[] bytes) {
    int length = bytes.length;
    while (length > 0 && bytes[length - 1] != '\n') {
      length--;
    }
    return length;
  }

  private static List<Line> lines(long position, byte[] bytes, int length) {
    List<Line> lines = new ArrayList<>();
    int from = 0;
    for (int to = 0; to <= length; to++) {
      if (to == length || bytes[to] == '\n') {
        if (to > from) {
          String text = new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
          lines.add(new Line(position + from, text));
        }
        from = to + 1;
      }
    }
    return lines;
  }

  /**
   * Makes line ends of lines that were read, where no other was written over what is left of one.
   */
  synchronized void erase(List<Line> lines) throws IOException {
    try (FileChannel channel = open(StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      for (Line line : lines) {
        int length = line.text().length();
        byte[] there = bytes(channel, line.position(), length);
        if (new String(there, StandardCharsets.ISO_8859_1).equals(line.text())) {
          fill(channel, line.position(), emptyLines(length));
        }
      }
      sync(channel);
    }
  }

  /** Gives back what is neither used nor kept in reserve. */
  synchronized void shrink() throws IOException {
    try (FileChannel channel = open(StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      end = end(channel);
      channel.truncate(Math.max(RESERVE, end));
    }
  }

  /** Behind what is used and one line end, so that the next line begins as one. */
  private static long end(FileChannel channel) throws IOException {
    long from = channel.size();
    while (from > 0) {
      int length = (int) Math.min(BLOCK, from);
      from -= length;
      byte[] bytes = bytes(channel, from, length);
      for (int used = bytes.length; used > 0; used--) {
        if (bytes[used - 1] != '\n') {
          return Math.min(from + used + 1, channel.size());
        }
      }
    }
    return 0;
  }

  private static byte[] bytes(FileChannel channel, long position, int most) throws IOException {
    int length = (int) Math.min(most, Math.max(0, channel.size() - position));
    ByteBuffer buffer = ByteBuffer.allocate(length);
    int read = 0;
    while (buffer.hasRemaining() && read >= 0) {
      read = channel.read(buffer, position + buffer.position());
    }
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  private static ByteBuffer emptyLines(int count) {
    byte[] lines = new byte[count];
    Arrays.fill(lines, (byte) '\n');
    return ByteBuffer.wrap(lines);
  }

  private FileChannel open(OpenOption... options) throws IOException {
    Set<OpenOption> all = new HashSet<>(List.of(options));
    all.add(LinkOption.NOFOLLOW_LINKS);
    return FileChannel.open(
        path,
        all,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  private void write(long position, ByteBuffer bytes) throws IOException {
    try (FileChannel channel = open(StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      fill(channel, position, bytes);
      sync(channel);
    }
  }

  private static void fill(FileChannel channel, long position, ByteBuffer bytes)
      throws IOException {
    long next = position;
    while (bytes.hasRemaining()) {
      next += channel.write(bytes, next);
    }
  }

  /**
   * An ext4 that aborts under an fdatasync may end it without error and without the octets on the
   * disk; it refuses another size of a file (doc/RELIABILITY.md). The last octet is a line end
   * always, and has its block, so that this works on a full disk.
   */
  private static void sync(FileChannel channel) throws IOException {
    channel.force(true);
    long last = channel.size() - 1;
    if (last >= 0) {
      channel.truncate(last);
      channel.write(emptyLines(1), last);
    }
  }

  /** A new file's name is on the disk only when its directory is. */
  private void syncDirectory() throws IOException {
    try (FileChannel directory = FileChannel.open(path.toAbsolutePath().getParent())) {
      directory.force(true);
    }
  }
}
