package org.mailjournal.receipt;

import java.nio.charset.StandardCharsets;
import org.apache.james.mime4j.codec.EncoderUtil;

/**
 * A header section, or one group of a report's fields, being written. Values come in harmless
 * ({@link Shown}); here they get their encoded words (RFC 2047) and folds (RFC 5322 section 2.2.3).
 */
final class Fields {
  private static final int WANTED_LINE = 78;

  /**
   * In octets. RFC 5322 section 2.1.1 ends a line at 998 of them (RFC 6532 section 3.4); what was
   * asked for may be folded behind a name.
   */
  private static final int LONGEST_WORD = 900;

  private final StringBuilder text = new StringBuilder(512);
  private final boolean internationalized;

  /**
   * Empty.
   *
   * @param internationalized whether UTF-8 may stand as it is (RFC 6532)
   */
  Fields(boolean internationalized) {
    this.internationalized = internationalized;
  }

  /** A field whose value is already in the form that its grammar wants. */
  Fields add(String name, String value) {
    fold((name + ": " + value).stripTrailing());
    return this;
  }

  /** A field of free text; nothing is written of nothing. */
  Fields addText(String name, String value) {
    return value.isEmpty() ? this : add(name, encoded(value, name.length() + 2));
  }

  /** A field of a type, a semicolon and free text (RFC 3464 section 2.1.2). */
  Fields addTyped(String name, String type, String value) {
    String before = type + "; ";
    return add(name, before + encoded(value, name.length() + 2 + before.length()));
  }

  /** A field of a type, a semicolon and an address, where no encoded word stands (RFC 2047). */
  Fields addAddress(String name, String type, String address) {
    return add(name, type + "; " + address);
  }

  @Override
  public String toString() {
    return text.toString();
  }

  byte[] toBytes() {
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private String encoded(String value, int used) {
    // Text that only looks like an encoded word is encoded, so that a reader shows it as it was.
    boolean plain =
        (internationalized || isAscii(value))
            && !value.contains("=?")
            && longestWord(value) <= LONGEST_WORD;
    if (plain) {
      return value;
    }
    return EncoderUtil.encodeEncodedWord(
        value, EncoderUtil.Usage.TEXT_TOKEN, Math.min(used, 50), StandardCharsets.UTF_8, null);
  }

  /**
   * Breaks lines before a blank that stands alone. A blank at a line's end could get lost on the
   * way, and the signature with it.
   */
  private void fold(String field) {
    int start = 0;
    int candidate = -1;
    for (int i = 1; i < field.length(); i++) {
      if (i - start >= WANTED_LINE && candidate > start) {
        text.append(field, start, candidate).append("\r\n");
        start = candidate;
      }
      if (isBreak(field, i)) {
        candidate = i;
      }
    }
    text.append(field, start, field.length()).append("\r\n");
  }

  private static boolean isBreak(String field, int i) {
    return field.charAt(i) == ' '
        && field.charAt(i - 1) != ' '
        && i + 1 < field.length()
        && field.charAt(i + 1) != ' ';
  }

  static boolean isAscii(String value) {
    return value.chars().allMatch(c -> c < 0x80);
  }

  private static int longestWord(String value) {
    int longest = 0;
    int start = -1;
    for (int i = 1; i < value.length(); i++) {
      if (isBreak(value, i)) {
        longest = Math.max(longest, octets(value, start, i));
        start = i;
      }
    }
    return Math.max(longest, octets(value, start, value.length()));
  }

  private static int octets(String value, int start, int end) {
    return value.substring(Math.max(0, start), end).getBytes(StandardCharsets.UTF_8).length;
  }
}
