package org.mailjournal.postfix;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mailjournal.journal.Remote;

/** Finds the far side's name and address in Postfix's own words. */
final class RemoteText {
  /**
   * Only at its beginning is a text Postfix's own: what follows may be a stranger's or a program's
   * words, and of a program that failed the beginning, too, may be its own, so that such a text
   * must not come here. Success is {@code delivery via HOST[ADDRESS]:PORT: …} (trace.c); the other
   * forms are those of smtp_connect.c, smtp_trouble.c, smtp_proto.c and smtp_sasl_glue.c. Of a
   * recipient that was not tried in this pass qmgr tells the trouble of another before it
   * (qmgr_deliver.c). Over a unix socket the address is its path.
   */
  private static final Pattern PLACE =
      Pattern.compile(
          "^(?:delivery temporarily suspended: )?(?:Protocol error: )?"
              + "(?:delivery via |connect to |lost connection with |conversation with "
              + "|local data error while talking to |host "
              + "|(?:TLS|SMTPUTF8) is required, but (?:was not offered by )?host "
              + "|message size [0-9]{1,20} exceeds size limit [0-9]{1,20} of server "
              + "|SASL (?:\\[CACHED\\] )?authentication failed[;:] "
              + "(?:cannot authenticate to |authentication protocol loop with )?server )"
              + "([^\\s\\[\\]]{1,255})\\[([^\\[\\]\\s]{1,255})\\](?::([0-9]{1,5}))?");

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
