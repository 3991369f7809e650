package org.mailjournal.egress;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;

/**
 * Reads SMTP replies (RFC 5321 section 4.2), of many lines too, and keeps them byte for byte, but
 * for the end of long lines.
 */
final class ReplyReader {
  /**
   * RFC 5321 section 4.5.3.1.5 says 512; some say more. Sendmail reads 2,047 octets (MAXLINE), and
   * takes what is behind them for another line, and so for a reply to its next command, which may
   * be about a message for somebody else. Postfix leaves it out, as we do.
   */
  static final int LONGEST_LINE = 2000;

  /** Of all lines of one reply together. */
  static final int LONGEST = 16 * 1024;

  private final LineReader lines;

  ReplyReader(LineReader lines) {
    this.lines = lines;
  }

  boolean hasUnread() {
    return lines.hasUnread();
  }

  /**
   * The next reply.
   *
   * @throws LineReader.BadLineException when it is none
   * @throws EOFException when the stream ends in front of it or inside
   */
  Answer read() throws IOException {
    ByteArrayOutputStream raw = new ByteArrayOutputStream();
    int code = 0;
    while (true) {
      byte[] line = lines.line();
      if (line == null) {
        throw new EOFException("the connection was closed");
      }
      int next = code(line);
      if (code != 0 && next != code) {
        throw new LineReader.BadLineException("a reply with the codes " + code + " and " + next);
      }
      code = next;
      if (raw.size() + line.length > LONGEST) {
        throw new LineReader.BadLineException("a reply of more than " + LONGEST + " bytes");
      }
      raw.write(line);
      raw.write('\r');
      raw.write('\n');
      if (line.length == 3 || line[3] == ' ') {
        return Answer.theirs(code, raw.toByteArray());
      }
    }
  }

  private static int code(byte[] line) throws IOException {
    boolean formed =
        line.length >= 3
            && line[0] >= '2'
            && line[0] <= '5'
            && line[1] >= '0'
            && line[1] <= '9'
            && line[2] >= '0'
            && line[2] <= '9'
            && (line.length == 3 || line[3] == ' ' || line[3] == '-');
    if (!formed) {
      throw new LineReader.BadLineException("something that is no SMTP reply");
    }
    return (line[0] - '0') * 100 + (line[1] - '0') * 10 + line[2] - '0';
  }
}
