package org.mailjournal.receipt;

import java.io.ByteArrayOutputStream;

/**
 * Quoted-printable (RFC 2045 section 6.7) that a signature survives: mime4j's leaves {@code From}
 * at the start of a line, which mailbox files change (RFC 8551 section 3.1.3), and drops a bare CR.
 */
final class QuotedPrintable {
  private static final int LONGEST_LINE = 76;
  private static final byte[] HEX = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'
  };

  private final ByteArrayOutputStream out;
  private int column;

  private QuotedPrintable(int expected) {
    out = new ByteArrayOutputStream(expected);
  }

  /** The encoded form; only CRLF is a line's end, a CR or LF alone is data. */
  static byte[] encode(byte[] bytes) {
    QuotedPrintable encoder = new QuotedPrintable(bytes.length + bytes.length / 4);
    for (int i = 0; i < bytes.length; i++) {
      if (isLineEnd(bytes, i)) {
        encoder.line("");
        i++;
      } else {
        boolean last = i + 1 == bytes.length || isLineEnd(bytes, i + 1);
        encoder.put(bytes[i] & 0xff, last, isFrom(bytes, i));
      }
    }
    return encoder.out.toByteArray();
  }

  private static boolean isLineEnd(byte[] bytes, int i) {
    return bytes[i] == '\r' && i + 1 < bytes.length && bytes[i + 1] == '\n';
  }

  /** {@code From } begins a message in a mailbox file. */
  private static boolean isFrom(byte[] bytes, int i) {
    return bytes[i] == 'F'
        && i + 4 < bytes.length
        && bytes[i + 1] == 'r'
        && bytes[i + 2] == 'o'
        && bytes[i + 3] == 'm'
        && bytes[i + 4] == ' ';
  }

  private void put(int c, boolean last, boolean from) {
    boolean graphic = c > ' ' && c <= '~' && c != '=';
    boolean blank = (c == ' ' || c == '\t') && !last;
    // A dot alone ends DATA where somebody forgets to stuff it.
    boolean plain = (graphic || blank) && !(column == 0 && (from || c == '.'));
    int width = plain ? 1 : 3;
    if (column + width > (last ? LONGEST_LINE : LONGEST_LINE - 1)) {
      line("=");
      put(c, last, from);
      return;
    }
    if (plain) {
      out.write(c);
    } else {
      out.write('=');
      out.write(HEX[c >> 4]);
      out.write(HEX[c & 15]);
    }
    column += width;
  }

  private void line(String end) {
    for (int i = 0; i < end.length(); i++) {
      out.write(end.charAt(i));
    }
    out.write('\r');
    out.write('\n');
    column = 0;
  }
}
