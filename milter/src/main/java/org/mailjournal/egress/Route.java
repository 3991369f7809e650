package org.mailjournal.egress;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * One line of the routes: which recipient domains go where, and how safely.
 *
 * @param domain a domain, {@code .suffix} for all below it, or {@code *}; addresses without a
 *     domain count as the relay's own host name
 * @param credentials a file with the login name in its first line and the password in its second
 * @param plainLogin whether the password may go over a connection without TLS
 */
public record Route(
    String domain, Hop to, Tls tls, Optional<Path> credentials, boolean plainLogin) {
  public Route {
    domain = domain.toLowerCase(Locale.ROOT);
    if (domain.isEmpty() || domain.contains("@") || domain.contains(" ")) {
      throw EgressException.of(
          "egress.routes", "domain is '" + domain + "'", "write a domain, .suffix or *");
    }
  }

  /** How much TLS a route asks for. */
  public enum Tls {
    /** Where the next hop offers it; any certificate will do (RFC 7435). */
    OPPORTUNISTIC,
    /** Always; any certificate will do. */
    REQUIRED,
    /** Always, with a certificate of a trusted authority for the host's name (RFC 5280, 9525). */
    VERIFIED
  }

  /** Where mail goes next. */
  public sealed interface Hop {
    /** To the exchangers of the recipient's domain (RFC 5321 section 5.1). */
    record Mx() implements Hop {}

    /** To a host by SMTP; an address is written without its brackets here. */
    record Smtp(String host, int port) implements Hop {}

    /** To a mailbox server by LMTP (RFC 2033). */
    record LmtpInet(String host, int port) implements Hop {}

    /** To a mailbox server by LMTP over a unix socket. */
    record LmtpUnix(Path path) implements Hop {}
  }

  /**
   * A route in the configuration's words.
   *
   * @param to {@code mx}, {@code host:port}, {@code [address]:port}, {@code lmtp:inet:host:port} or
   *     {@code lmtp:unix:/path}
   * @param tls {@code opportunistic}, {@code required} or {@code verified}
   * @throws EgressException when one of them is none of these
   */
  public static Route of(
      String domain, String to, Optional<String> tls, Optional<Path> credentials) {
    return new Route(
        domain, hop(to), tls.map(Route::tls).orElse(Tls.OPPORTUNISTIC), credentials, false);
  }

  /** Whether a recipient domain, in lower case, takes this route. */
  boolean matches(String recipientDomain) {
    return domain.equals("*")
        || (domain.startsWith(".")
            ? recipientDomain.endsWith(domain)
            : recipientDomain.equals(domain));
  }

  /** Where it leads and how safely, which is the same for domains that have a line each. */
  Route toAnyDomain() {
    return new Route("*", to, tls, credentials, plainLogin);
  }

  private static Tls tls(String word) {
    for (Tls tls : Tls.values()) {
      if (tls.name().equalsIgnoreCase(word)) {
        return tls;
      }
    }
    throw EgressException.of(
        "egress.routes", "tls is '" + word + "'", "write opportunistic, required or verified");
  }

  private static Hop hop(String to) {
    if (to.equals("mx")) {
      return new Hop.Mx();
    }
    if (to.startsWith("lmtp:unix:/")) {
      return new Hop.LmtpUnix(Path.of(to.substring("lmtp:unix:".length())));
    }
    boolean lmtp = to.startsWith("lmtp:inet:");
    String place = lmtp ? to.substring("lmtp:inet:".length()) : to;
    int colon = place.lastIndexOf(':');
    String host = colon < 0 ? "" : place.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.contains(":")) {
      host = "";
    }
    int port = port(colon < 0 ? "" : place.substring(colon + 1));
    if (host.isEmpty() || port < 1) {
      throw EgressException.of(
          "egress.routes",
          "to is '" + to + "'",
          "write mx, host:port, [address]:port, lmtp:inet:host:port or lmtp:unix:/path");
    }
    return lmtp ? new Hop.LmtpInet(host, port) : new Hop.Smtp(host, port);
  }

  private static int port(String text) {
    try {
      int port = Integer.parseInt(text);
      return port <= 65535 ? port : -1;
    } catch (NumberFormatException none) {
      return -1;
    }
  }
}
