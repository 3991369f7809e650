package org.mailjournal.egress;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * Reads lines that end in CRLF and nothing else (RFC 5321 section 2.3.8), of each no more than so
 * much. It holds one block at a time, whatever the peer sends.
 */
final class LineReader {
  private static final int BLOCK = 4096;

  /** Of one line, behind what is kept of it. */
  private static final int MOST_LEFT_OUT = 16 * 1024;

  private final InputStream in;
  private final byte[] block = new byte[BLOCK];
  private final byte[] line;
  private int next;
  private int end;

  LineReader(InputStream in, int longest) {
    this.in = in;
    this.line = new byte[longest];
  }

  /** What is wrong with a line. */
  static final class BadLineException extends IOException {
    BadLineException(String problem) {
      super(problem);
    }
  }

  /** Whether something is there already, unread. */
  boolean hasUnread() {
    try {
      return next < end || in.available() > 0;
    } catch (IOException closed) {
      return false;
    }
  }

  /**
   * The next line without its end, of a long one the beginning; null at the end of the stream.
   *
   * @throws BadLineException for a line that does not end or has a bare CR, a bare LF or a NUL;
   *     what follows it must not be read
   */
  byte[] line() throws IOException {
    int length = 0;
    int leftOut = 0;
    boolean cr = false;
    while (true) {
      int octet = read();
      if (octet < 0) {
        return null;
      }
      if (cr && octet == '\n') {
        return Arrays.copyOf(line, leftOut == 0 ? length : wholeCharacters(length));
      }
      if (cr || octet == '\n' || octet == 0) {
        throw new BadLineException(
            octet == 0 ? "a line with NUL" : "a line with bare CR or bare LF");
      }
      if (octet == '\r') {
        cr = true;
      } else if (length < line.length) {
        line[length++] = (byte) octet;
      } else if (++leftOut > MOST_LEFT_OUT) {
        throw new BadLineException(
            "a line of more than " + (line.length + MOST_LEFT_OUT) + " bytes");
      }
    }
  }

  /**
   * Without the begin of a character of UTF-8 at the end: it would make all of the text unreadable.
   */
  private int wholeCharacters(int length) {
    int lead = length - 1;
    while (lead > length - 4 && (line[lead] & 0xC0) == 0x80) {
      lead--;
    }
    int first = line[lead] & 0xFF;
    int size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
    return length - lead < size ? lead : length;
  }

  private int read() throws IOException {
    if (next == end) {
      next = 0;
      end = Math.max(in.read(block), 0);
      if (end == 0) {
        return -1;
      }
    }
    return block[next++] & 0xff;
  }
}
