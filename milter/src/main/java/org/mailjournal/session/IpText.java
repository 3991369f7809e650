package org.mailjournal.session;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One form for each IPv6 address (RFC 5952 section 4.2), so that it is found again: sendmail writes
 * {@code 0:0:0:0:0:0:0:1} where Postfix writes {@code ::1}.
 */
final class IpText {
  /** Before an IPv6 address in sendmail's macros, as in RFC 5321 section 4.1.3. */
  private static final String TAG = "ipv6:";

  private static final Pattern WHOLE = Pattern.compile("[0-9a-f]{1,4}(:[0-9a-f]{1,4}){7}");
  private static final Pattern ZEROS = Pattern.compile("(?<![^:])0(:0)+(?![^:])");

  private IpText() {}

  static String canonical(String address) {
    boolean tagged = address.regionMatches(true, 0, TAG, 0, TAG.length());
    String bare = tagged ? address.substring(TAG.length()) : address;
    String whole = bare.toLowerCase(Locale.ROOT);
    if (!WHOLE.matcher(whole).matches()) {
      return bare;
    }
    String plain = whole.replaceAll("(?<![^:])0+(?=[0-9a-f])", "");
    Matcher runs = ZEROS.matcher(plain);
    int start = -1;
    int end = -1;
    while (runs.find()) {
      if (runs.end() - runs.start() > end - start) {
        start = runs.start();
        end = runs.end();
      }
    }
    return start < 0
        ? plain
        : plain.substring(0, start).replaceFirst(":$", "")
            + "::"
            + plain.substring(end).replaceFirst("^:", "");
  }
}
