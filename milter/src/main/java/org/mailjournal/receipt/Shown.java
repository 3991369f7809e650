package org.mailjournal.receipt;

import org.mailjournal.journal.Spelling;

/** Mail data as harmless text on one line ({@link Spelling}). */
final class Shown {
  /** RFC 5321 section 4.5.3.1.3 ends a path at 256 octets; some systems take more. */
  static final int ADDRESS = 320;

  /** RFC 5321 section 4.5.3.1.5 ends a reply line at 512 octets; some replies have several. */
  static final int REPLY = 1000;

  static final int NAME = 255;
  static final int SUBJECT = 200;

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
      if (joiners) {
        Spelling.appendOfLanguage(plain, c);
      } else {
        Spelling.append(plain, c);
      }
      i += Character.charCount(c);
    }
    return plain.toString().strip();
  }
}
