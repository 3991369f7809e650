package org.mailjournal.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mailjournal.config.Config.Listen;
import org.mailjournal.config.ListenNotation;

/** The value of {@code smtpd_milters}. */
final class MilterList {
  /** A plain endpoint, or since Postfix 3.0 one in braces with settings of its own. */
  private static final Pattern ITEM = Pattern.compile("\\{([^}]*)\\}|([^,\\s{}]+)");

  private MilterList() {}

  /**
   * One milter of the list.
   *
   * @param settings its own, in the words of main.cf; empty without braces
   */
  record Item(String endpoint, String settings) {
    /** Its own {@code default_action}. */
    Optional<String> defaultAction() {
      Matcher matcher = Pattern.compile("default_action\\s*=\\s*(\\w+)").matcher(settings);
      return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
  }

  static List<Item> parse(String value) {
    List<Item> items = new ArrayList<>();
    Matcher matcher = ITEM.matcher(value);
    while (matcher.find()) {
      if (matcher.group(2) != null) {
        items.add(new Item(matcher.group(2), ""));
      } else {
        String[] parts = matcher.group(1).strip().split("[,\\s]+", 2);
        items.add(new Item(parts[0], parts.length > 1 ? parts[1] : ""));
      }
    }
    return items;
  }

  /** Whether an smtpd that connects to the endpoint comes to the place where we listen. */
  static boolean leadsTo(String endpoint, Listen listen, Path queueDirectory, boolean chrooted) {
    if (listen instanceof Listen.Unix unix) {
      return path(endpoint)
          .map(path -> path.isAbsolute() && !chrooted ? path : inside(queueDirectory, path))
          .map(path -> path.normalize().equals(unix.path().normalize()))
          .orElse(false);
    }
    return ListenNotation.parse(endpoint)
        .filter(Listen.Inet.class::isInstance)
        .map(Listen.Inet.class::cast)
        .map(inet -> isSame(inet, (Listen.Inet) listen))
        .orElse(false);
  }

  /** Whether the endpoint names our socket in words, wherever smtpd looks for it. */
  static boolean names(String endpoint, Listen listen) {
    return listen instanceof Listen.Unix unix
        && path(endpoint).map(unix.path()::equals).orElse(false);
  }

  /** What is to be said of milters that stand behind ours. */
  static Finding behind(String milters) {
    return Finding.warning(
        milters
            + " comes behind the journal's: what it refuses or throws away is in the journal already,"
            + " as mail that was taken",
        "put the journal's last, unless that one does neither");
  }

  private static Optional<Path> path(String endpoint) {
    return endpoint.startsWith("unix:") || endpoint.startsWith("local:")
        ? Optional.of(Path.of(endpoint.substring(endpoint.indexOf(':') + 1)))
        : Optional.empty();
  }

  private static Path inside(Path queueDirectory, Path path) {
    return queueDirectory.resolve(path.isAbsolute() ? Path.of("/").relativize(path) : path);
  }

  private static boolean isSame(Listen.Inet theirs, Listen.Inet ours) {
    return theirs.port() == ours.port()
        && (theirs.host().equalsIgnoreCase(ours.host())
            || isAny(ours.host())
            || (ListenNotation.isLoopback(theirs) && ListenNotation.isLoopback(ours)));
  }

  private static boolean isAny(String host) {
    return host.equals("0.0.0.0") || host.equals("::");
  }

  /** The place as Postfix writes it. */
  static String postfixNotation(Listen listen) {
    if (listen instanceof Listen.Inet inet) {
      String host = inet.host().contains(":") ? "[" + inet.host() + "]" : inet.host();
      return "inet:" + host + ":" + inet.port();
    }
    return listen.toString();
  }
}
