package org.mailjournal.cli;

import org.mailjournal.journal.Spelling;

/**
 * Mail data as harmless text for a terminal ({@link Spelling}): it must not pass for a line of
 * ours.
 */
final class Plain {
  private Plain() {}

  /** One line: lines of a reply are kept apart by a bar. */
  static String text(String data) {
    StringBuilder plain = new StringBuilder(data.length() + 16);
    String oneLine = data.strip().replaceAll("\\r?\\n", " | ");
    oneLine.codePoints().forEach(c -> Spelling.append(plain, c));
    return plain.toString();
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
