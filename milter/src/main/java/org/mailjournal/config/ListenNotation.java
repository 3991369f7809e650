package org.mailjournal.config;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mailjournal.config.Config.Listen;

/**
 * Where to listen, in either MTA's notation: {@code inet:PORT@HOST} of sendmail, {@code
 * inet:HOST:PORT} of Postfix, {@code unix:/path} of both, {@code local:/path} of libmilter.
 */
public final class ListenNotation {
  private static final String HOST = "(\\[[0-9A-Fa-f:.]+(?:%[A-Za-z0-9]+)?\\]|[A-Za-z0-9._-]+)";
  private static final Pattern OF_SENDMAIL = Pattern.compile("([0-9]{1,5})@" + HOST);
  private static final Pattern OF_POSTFIX = Pattern.compile(HOST + ":([0-9]{1,5})");
  private static final int HIGHEST_PORT = 65535;

  private ListenNotation() {}

  /** The place; empty when the text has another form. */
  public static Optional<Listen> parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 0) {
      return Optional.empty();
    }
    String rest = text.substring(colon + 1);
    return switch (text.substring(0, colon)) {
      case "inet", "inet6" -> inet(rest);
      case "unix", "local" -> unix(rest);
      default -> Optional.empty();
    };
  }

  private static Optional<Listen> inet(String text) {
    Matcher matcher = OF_SENDMAIL.matcher(text);
    if (matcher.matches()) {
      return inet(matcher.group(2), matcher.group(1));
    }
    matcher = OF_POSTFIX.matcher(text);
    return matcher.matches() ? inet(matcher.group(1), matcher.group(2)) : Optional.empty();
  }

  private static Optional<Listen> inet(String host, String port) {
    int number = Integer.parseInt(port);
    if (number > HIGHEST_PORT) {
      return Optional.empty();
    }
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    return Optional.of(new Listen.Inet(bare, number));
  }

  private static Optional<Listen> unix(String path) {
    if (!path.startsWith("/") || path.endsWith("/") || path.indexOf('\0') >= 0) {
      return Optional.empty();
    }
    return Optional.of(new Listen.Unix(Path.of(path)));
  }

  /** Whether only this machine can come to the place. Names other than localhost are not asked. */
  public static boolean isLoopback(Listen listen) {
    if (listen instanceof Listen.Inet inet) {
      String host = inet.host();
      return host.equals("localhost")
          || host.equals("::1")
          || host.matches("127(\\.[0-9]{1,3}){3}")
          || host.matches("::ffff:127(\\.[0-9]{1,3}){3}");
    }
    return true;
  }
}
