package org.mailjournal.postfix;

/**
 * Postfix keeps addresses unquoted in queue files and in requests, and quoted in its log files and
 * towards the milter: quote_822_local.c.
 */
final class Quoting {
  private static final String SPECIAL = "()<>@,;:\\\"[] ";

  private Quoting() {}

  /** The address with its local part quoted where RFC 5321 section 4.1.2 asks for it. */
  static String external(String address) {
    int at = address.lastIndexOf('@');
    String local = at < 0 ? address : address.substring(0, at);
    if (address.isEmpty() || isDotString(local)) {
      return address;
    }
    return '"'
        + local.replace("\\", "\\\\").replace("\"", "\\\"").replace("\r", "\\\r")
        + '"'
        + (at < 0 ? "" : address.substring(at));
  }

  /** The address without quotes: two spellings of one mailbox become equal. */
  static String internal(String address) {
    if (address.indexOf('"') < 0 && address.indexOf('\\') < 0) {
      return address;
    }
    StringBuilder plain = new StringBuilder(address.length());
    for (int i = 0; i < address.length(); i++) {
      char c = address.charAt(i);
      if (c == '\\' && i + 1 < address.length()) {
        plain.append(address.charAt(++i));
      } else if (c != '"') {
        plain.append(c);
      }
    }
    return plain.toString();
  }

  private static boolean isDotString(String local) {
    return !local.isEmpty()
        && !local.startsWith(".")
        && !local.endsWith(".")
        && !local.contains("..")
        && local.chars().allMatch(c -> c >= ' ' && c != 127 && SPECIAL.indexOf(c) < 0);
  }
}
