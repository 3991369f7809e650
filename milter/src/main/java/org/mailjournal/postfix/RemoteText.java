package org.mailjournal.postfix;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mailjournal.journal.Remote;

/** Finds the far side's name and address in Postfix's own words. */
final class RemoteText {
  /**
   * {@code delivery via HOST[ADDRESS]:PORT: …} (trace.c), {@code host HOST[ADDRESS] said: …},
   * {@code connect to HOST[ADDRESS]:PORT: …}, {@code lost connection with HOST[ADDRESS] while …}
   * (smtp_trouble.c, smtp_connect.c); over a unix socket the address is its path.
   */
  private static final Pattern PLACE =
      Pattern.compile(
          "(?:^delivery via |^host |\\bconnect to |connection with |conversation with "
              + "|offered by host )([^\\s\\[\\]]{1,255})\\[([^\\[\\]\\s]{1,255})\\](?::([0-9]{1,5}))?");

  private static final int LONGEST = 2048;

  private RemoteText() {}

  static Remote of(Optional<String> mta, Optional<String> reason) {
    String text = reason.orElse("");
    Matcher place = PLACE.matcher(text.length() > LONGEST ? text.substring(0, LONGEST) : text);
    if (!place.find()) {
      return new Remote(mta, Optional.empty(), Optional.empty());
    }
    return new Remote(
        mta.or(() -> Optional.of(place.group(1))),
        Optional.of(address(place.group(2), place.group(3))),
        Optional.empty());
  }

  private static String address(String host, String port) {
    if (port == null) {
      return host;
    }
    return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
  }
}
