package org.mailjournal.receipt;

import java.util.Locale;

/**
 * Mail data as harmless text on one line. What a stranger wrote into a reply, an address or a
 * subject must not end a line, change the order of characters, or hide.
 */
final class Shown {
  /** RFC 5321 section 4.5.3.1.3 ends a path at 256 octets; some systems take more. */
  static final int ADDRESS = 320;

  /** RFC 5321 section 4.5.3.1.5 ends a reply line at 512 octets; some replies have several. */
  static final int REPLY = 1000;

  static final int NAME = 255;
  static final int SUBJECT = 200;

  private static final int ZERO_WIDTH_NON_JOINER = 0x200c;
  private static final int ZERO_WIDTH_JOINER = 0x200d;

  private Shown() {}

  /** The text with everything treacherous spelt out, and {@code …} for what is over the limit. */
  static String line(String data, int limit) {
    return spelt(data, limit, "…", false);
  }

  /** The same for a machine's eyes: the cut is marked in ASCII. */
  static String field(String data, int limit) {
    return spelt(data, limit, "...", false);
  }

  /** A title in a person's language, where joiners belong to words and to pictures. */
  static String title(String data) {
    return spelt(data, SUBJECT, "…", true);
  }

  private static String spelt(String data, int limit, String mark, boolean joiners) {
    StringBuilder plain = new StringBuilder(Math.min(data.length(), limit) + 16);
    int i = 0;
    while (i < data.length()) {
      int c = data.codePointAt(i);
      if (plain.length() >= limit) {
        return plain.append(mark).toString();
      }
      append(plain, c, joiners);
      i += Character.charCount(c);
    }
    return plain.toString().strip();
  }

  private static void append(StringBuilder plain, int c, boolean joiners) {
    if (c == '\t') {
      plain.append(' ');
    } else if (c < 0x20 || (c >= 0x7f && c < 0xa0)) {
      plain.append(String.format(Locale.ROOT, "\\x%02x", c));
    } else if (joiners && (c == ZERO_WIDTH_JOINER || c == ZERO_WIDTH_NON_JOINER)) {
      plain.appendCodePoint(c);
    } else if (isTreacherous(c)) {
      plain.append(String.format(Locale.ROOT, "\\u%04x", c));
    } else {
      plain.appendCodePoint(c);
    }
  }

  /** Bidirectional controls, line separators, lone surrogates, and what would not be seen. */
  private static boolean isTreacherous(int c) {
    return switch (Character.getType(c)) {
      case Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default -> isIgnorable(c);
    };
  }

  /** Unicode's Default_Ignorable_Code_Point, as far as it is no format character. */
  private static boolean isIgnorable(int c) {
    return switch (c) {
      case 0x034f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x2065, 0x3164, 0xffa0 -> true;
      default -> (c >= 0xfff0 && c <= 0xfff8) || (c >= 0xe0000 && c <= 0xe0fff);
    };
  }
}
