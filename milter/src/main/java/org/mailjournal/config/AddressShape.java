package org.mailjournal.config;

import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Addresses and domains of receipts, as far as a header field can carry them: what passes here is
 * written into From as it is (RFC 5322 section 3.4.1, RFC 6532 section 3.2).
 */
final class AddressShape {
  /** RFC 5321 section 4.5.3.1.2. */
  private static final int LONGEST_DOMAIN = 255;

  /** More than section 4.5.3.1.3 has for a path, as some systems take more. */
  private static final int LONGEST_ADDRESS = 320;

  /**
   * Unicode's Default_Ignorable_Code_Point, as far as it is no format character; and the pattern of
   * Braille without a dot.
   */
  private static final String INVISIBLE =
      "\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u2065\\u2800\\u3164\\uffa0\\ufff0-\\ufff8"
          + "\\x{e0000}-\\x{e0fff}";

  /** What is shown: no control, bidirectional or invisible character, no lone surrogate. */
  private static final String SHOWN = "&&[^\\p{C}\\p{Z}" + INVISIBLE + "]";

  private static final String LABEL = "[-A-Za-z0-9_\\x{a0}-\\x{10ffff}" + SHOWN + "]+";
  private static final String NAME = LABEL + "(?:\\." + LABEL + ")*";
  private static final String LITERAL = "\\[[-A-Za-z0-9:.]+\\]";
  private static final String LOCAL = "[\\x{21}-\\x{10ffff}&&[^<>]" + SHOWN + "]+";
  private static final Pattern DOMAIN = Pattern.compile("\\.?" + NAME + "|" + LITERAL);
  private static final Pattern ADDRESS =
      Pattern.compile(LOCAL + "@(?:" + NAME + "|" + LITERAL + ")");

  /** With a dot in front, all below it. A star is none: it would never match. */
  static final Predicate<String> IS_DOMAIN =
      text -> text.length() <= LONGEST_DOMAIN && DOMAIN.matcher(text).matches();

  static final Predicate<String> IS_ADDRESS =
      text ->
          text.length() <= LONGEST_ADDRESS
              && text.length() - text.lastIndexOf('@') - 1 <= LONGEST_DOMAIN
              && ADDRESS.matcher(text).matches();

  private AddressShape() {}
}
