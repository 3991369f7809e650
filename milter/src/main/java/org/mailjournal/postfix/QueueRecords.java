package org.mailjournal.postfix;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.mailjournal.journal.Bytes;

/**
 * The typed records of a queue file: a type byte, the length in 7-bit portions, least significant
 * first, and the data (record.c). Pointers are followed; what a damaged file could make endless is
 * counted.
 */
final class QueueRecords implements Closeable {
  static final int LONGEST_RECORD = 64 * 1024;

  /** REVERSE_JUMP_LIMIT of record.c. */
  private static final int MOST_JUMPS_BACK = 10_000;

  private static final char POINTER = 'p';

  private final FileChannel file;
  private final ByteBuffer buffer = ByteBuffer.allocate(16 * 1024).limit(0);

  /** The offset in the file of the buffer's end. */
  private long position;

  private long farthest;
  private int jumpsBack;

  QueueRecords(Path path) throws IOException {
    file = FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * One record.
   *
   * @param offset of its type in the file
   */
  record Entry(long offset, char type, Bytes data) {
    String text() {
      return Bytes.text(data.toArray());
    }
  }

  /** The next record that is not a pointer. */
  Entry next() throws IOException {
    while (true) {
      long offset = offset();
      char type = (char) octet();
      byte[] data = data(length(type));
      if (type != POINTER) {
        return new Entry(offset, type, Bytes.head(data, data.length));
      }
      follow(Bytes.text(data));
    }
  }

  long offset() {
    return position - buffer.remaining();
  }

  void seek(long offset) throws IOException {
    if (offset < 0 || offset > file.size()) {
      throw new IOException("queue file: expected an offset inside the file, got " + offset);
    }
    if (offset <= farthest && ++jumpsBack > MOST_JUMPS_BACK) {
      throw new IOException("queue file: expected at most " + MOST_JUMPS_BACK + " jumps back");
    }
    farthest = Math.max(farthest, offset);
    position = offset;
    buffer.limit(0);
  }

  private void follow(String pointer) throws IOException {
    long target = number(pointer);
    if (target > 0) {
      seek(target);
    }
  }

  /** A number as {@code %15ld} writes it. */
  static long number(String text) throws IOException {
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException notANumber) {
      throw new IOException("queue file: expected a number, got '" + text + "'", notANumber);
    }
  }

  private int length(char type) throws IOException {
    int length = 0;
    for (int shift = 0; shift < 28; shift += 7) {
      int portion = octet();
      length |= (portion & 0x7f) << shift;
      if ((portion & 0x80) == 0) {
        if (length > LONGEST_RECORD) {
          break;
        }
        return length;
      }
    }
    throw new IOException(
        "queue file: expected at most " + LONGEST_RECORD + " bytes in a record of type " + type);
  }

  private byte[] data(int length) throws IOException {
    byte[] data = new byte[length];
    int filled = 0;
    while (filled < length) {
      fill();
      int part = Math.min(length - filled, buffer.remaining());
      buffer.get(data, filled, part);
      filled += part;
    }
    return data;
  }

  private int octet() throws IOException {
    fill();
    return buffer.get() & 0xff;
  }

  private void fill() throws IOException {
    if (buffer.hasRemaining()) {
      return;
    }
    buffer.clear();
    int read = file.read(buffer, position);
    buffer.flip();
    if (read <= 0) {
      buffer.limit(0);
      throw new EOFException("queue file: expected the end record, got the end of the file");
    }
    position += read;
    farthest = Math.max(farthest, position - read);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
