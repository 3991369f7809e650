package org.mailjournal.egress;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Finds the places that a destination means. */
final class Directory {
  private final Exchangers exchangers;
  private final int port;
  private final int limit;

  Directory(Exchangers exchangers, int port, int limit) {
    this.exchangers = exchangers;
    this.port = port;
    this.limit = limit;
  }

  /** At least one, in the order in which to try them. */
  List<Target> targets(Destination destination) throws HopException {
    Route.Hop to = destination.route().to();
    if (to instanceof Route.Hop.LmtpUnix unix) {
      return List.of(Target.of(unix.path()));
    } else if (to instanceof Route.Hop.LmtpInet inet) {
      return named(inet.host(), inet.port());
    } else if (to instanceof Route.Hop.Smtp smtp) {
      return named(smtp.host(), smtp.port());
    }
    String domain = destination.domain();
    List<Target> found =
        domain.startsWith("[") ? literal(domain) : exchangers.of(domain, port, limit);
    return found.subList(0, Math.min(found.size(), limit));
  }

  /** A host from the configuration, looked up as the machine looks up its hosts. */
  private static List<Target> named(String host, int port) throws HopException {
    String name = isAddress(host) ? "[" + host + "]" : host;
    try {
      List<Target> targets = new ArrayList<>();
      for (InetAddress address : InetAddress.getAllByName(host)) {
        targets.add(Target.of(name, address, port));
      }
      return targets;
    } catch (UnknownHostException unknown) {
      throw HopException.ours(451, "4.4.3", "no address of " + host + " is found", unknown);
    }
  }

  /** RFC 5321 section 4.1.3. */
  private List<Target> literal(String domain) throws HopException {
    String text = domain.substring(1, Math.max(domain.length() - 1, 1));
    if (text.toLowerCase(Locale.ROOT).startsWith("ipv6:")) {
      text = text.substring("ipv6:".length());
    }
    if (!domain.endsWith("]") || !isAddress(text)) {
      throw HopException.ours(550, "5.1.2", domain + " is no address literal", null);
    }
    try {
      InetAddress address = InetAddress.getByName(text);
      exchangers.refuseOurselves(domain, address);
      return List.of(Target.of(domain, address, port));
    } catch (UnknownHostException malformed) {
      throw HopException.ours(550, "5.1.2", domain + " is no address literal", malformed);
    }
  }

  private static boolean isAddress(String host) {
    return host.matches("[0-9.]+") || host.matches("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.%a-z]*");
  }
}
