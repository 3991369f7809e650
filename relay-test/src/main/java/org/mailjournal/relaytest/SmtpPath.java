package org.mailjournal.relaytest;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The argument of MAIL or RCPT: a path and its parameters (RFC 5321 section 4.1.2), as they came.
 *
 * @param parameters keywords in upper case, values as given, empty where there is none
 */
record SmtpPath(String address, Map<String, String> parameters) {
  /** The path behind {@code FROM:} or {@code TO:}; empty when the line is no such command. */
  static Optional<SmtpPath> parse(String line, String keyword) {
    int colon = line.indexOf(':');
    if (colon < 5 || !line.substring(4, colon).strip().equalsIgnoreCase(keyword)) {
      return Optional.empty();
    }
    String rest = line.substring(colon + 1).strip();
    int end = rest.startsWith("<") ? closing(rest) : firstSpace(rest);
    if (end < 0) {
      return Optional.empty();
    }
    String address = rest.startsWith("<") ? rest.substring(1, end - 1) : rest.substring(0, end);
    return Optional.of(new SmtpPath(address, parameters(rest.substring(end))));
  }

  private static int closing(String rest) {
    boolean quoted = false;
    for (int i = 1; i < rest.length(); i++) {
      char c = rest.charAt(i);
      if (c == '\\' && quoted) {
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == '>' && !quoted) {
        return i + 1;
      }
    }
    return -1;
  }

  private static int firstSpace(String rest) {
    int space = rest.indexOf(' ');
    return space < 0 ? rest.length() : space;
  }

  private static Map<String, String> parameters(String text) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String word : text.strip().split(" +", -1)) {
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals);
      if (!name.isEmpty()) {
        parameters.put(name.toUpperCase(Locale.ROOT), equals < 0 ? "" : word.substring(equals + 1));
      }
    }
    return parameters;
  }
}
