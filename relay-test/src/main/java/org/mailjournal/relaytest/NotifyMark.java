package org.mailjournal.relaytest;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The mark that the shipped command filter puts on every RCPT, so that the mail system keeps a
 * record of success; in odd casing, so that the milter still sees what the sender asked.
 */
final class NotifyMark {
  static final int SUCCESS = 1;
  static final int FAILURE = 2;
  static final int DELAY = 4;
  static final int NEVER = 8;

  private static final Pattern NOTIFY =
      Pattern.compile("(?i)^(RCPT\\s.*\\sNOTIFY=)(\\S+)(|\\s.*)$");
  private static final Pattern WORD = Pattern.compile("(?i)SUCCESS");

  private NotifyMark() {}

  /** The RCPT line with the mark. */
  static String on(String line) {
    Matcher matcher = NOTIFY.matcher(line);
    if (!matcher.matches()) {
      return line + " NOTIFY=sUCCESS,FAILURE,dELAY";
    }
    return matcher.group(1) + marked(matcher.group(2)) + matcher.group(3);
  }

  private static String marked(String asked) {
    if (asked.equalsIgnoreCase("NEVER")) {
      return "sUCCESS";
    }
    return WORD.matcher(asked).find()
        ? WORD.matcher(asked).replaceAll("SUCCESS")
        : asked + ",sUCCESS";
  }

  /** The bits that Postfix keeps of a NOTIFY value (dsn_mask.h), 0 for none. */
  static int flags(String value) {
    int flags = 0;
    for (String word : value.toUpperCase(Locale.ROOT).split(",", -1)) {
      flags |=
          switch (word) {
            case "SUCCESS" -> SUCCESS;
            case "FAILURE" -> FAILURE;
            case "DELAY" -> DELAY;
            case "NEVER" -> NEVER;
            default -> 0;
          };
    }
    return flags;
  }
}
