package org.mailjournal.cli;

import java.util.Locale;

/**
 * Mail data as harmless text for a terminal. What a stranger wrote into a reply or an address must
 * not move the cursor, change the order of characters, or pass for a line of ours.
 */
final class Plain {
  private Plain() {}

  /** One line: lines of a reply are kept apart by a bar, control characters are spelt out. */
  static String text(String data) {
    StringBuilder plain = new StringBuilder(data.length() + 16);
    String oneLine = data.strip().replaceAll("\\r?\\n", " | ");
    oneLine.codePoints().forEach(c -> append(plain, c));
    return plain.toString();
  }

  private static void append(StringBuilder plain, int c) {
    if (c == '\t') {
      plain.append(' ');
    } else if (c < 0x20 || (c >= 0x7f && c < 0xa0)) {
      plain.append(String.format(Locale.ROOT, "\\x%02x", c));
    } else if (isTreacherous(c)) {
      plain.append(String.format(Locale.ROOT, "\\u%04x", c));
    } else {
      plain.appendCodePoint(c);
    }
  }

  /** Bidirectional controls, line separators, invisible format characters, lone surrogates. */
  static boolean isTreacherous(int c) {
    return switch (Character.getType(c)) {
      case Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default -> false;
    };
  }

  /** How many columns the text takes, nearly: combining marks take none. */
  static int width(String text) {
    return (int)
        text.codePoints()
            .filter(
                c ->
                    Character.getType(c) != Character.NON_SPACING_MARK
                        && Character.getType(c) != Character.ENCLOSING_MARK)
            .count();
  }

  /** The text with blanks up to the width; longer text stays whole. */
  static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - width(text)));
  }
}
