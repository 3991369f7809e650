package org.mailjournal.journal;

import java.util.Locale;

/**
 * How what a stranger wrote into a reply, an address or a subject is shown to people: it must not
 * move the cursor, end a line, change the order of characters, or hide.
 */
public final class Spelling {
  private static final int ZERO_WIDTH_NON_JOINER = 0x200c;
  private static final int ZERO_WIDTH_JOINER = 0x200d;

  /** More than anybody has a use for; enough of them move what follows to a line of its own. */
  private static final int MOST_BLANKS = 8;

  private Spelling() {}

  /** Adds a character, spelt out where it is not harmless; a tab is a blank. */
  public static void append(StringBuilder plain, int c) {
    if (c == '\t' || Character.getType(c) == Character.SPACE_SEPARATOR) {
      appendBlank(plain, c == '\t' ? ' ' : c);
    } else if (c < 0x20 || (c >= 0x7f && c < 0xa0)) {
      plain.append(String.format(Locale.ROOT, "\\x%02x", c));
    } else if (isTreacherous(c)) {
      plain.append(String.format(Locale.ROOT, "\\u%04x", c));
    } else {
      plain.appendCodePoint(c);
    }
  }

  /** The same in a person's language, where joiners belong to words and to pictures. */
  public static void appendOfLanguage(StringBuilder plain, int c) {
    if (c == ZERO_WIDTH_JOINER || c == ZERO_WIDTH_NON_JOINER) {
      plain.appendCodePoint(c);
    } else {
      append(plain, c);
    }
  }

  private static void appendBlank(StringBuilder plain, int c) {
    if (endsInMostBlanks(plain)) {
      plain.append(String.format(Locale.ROOT, c < 0x80 ? "\\x%02x" : "\\u%04x", c));
    } else {
      plain.appendCodePoint(c);
    }
  }

  /** Marks between them do not count: some, as U+FE0F, are not seen and have no width. */
  private static boolean endsInMostBlanks(StringBuilder plain) {
    int blanks = 0;
    int i = plain.length();
    while (i > 0 && blanks < MOST_BLANKS) {
      int last = plain.codePointBefore(i);
      switch (Character.getType(last)) {
        case Character.SPACE_SEPARATOR -> blanks++;
        case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK -> {}
        default -> {
          return false;
        }
      }
      i -= Character.charCount(last);
    }
    return blanks == MOST_BLANKS;
  }

  /** Bidirectional controls, line separators, lone surrogates, and what would not be seen. */
  static boolean isTreacherous(int c) {
    return switch (Character.getType(c)) {
      case Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default -> isIgnorable(c);
    };
  }

  /**
   * Unicode's Default_Ignorable_Code_Point, as far as it is no format character; and the pattern of
   * Braille without a dot.
   */
  private static boolean isIgnorable(int c) {
    return switch (c) {
      case 0x034f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x2065, 0x2800, 0x3164, 0xffa0 -> true;
      default -> (c >= 0xfff0 && c <= 0xfff8) || (c >= 0xe0000 && c <= 0xe0fff);
    };
  }
}
