package org.mailjournal.egress;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Where one transaction goes: a route and, where the route leaves it to the recipient's domain, the
 * domain. Recipients with equal destinations share a transaction.
 *
 * @param domain in lower case; empty for routes that name the next hop themselves
 */
record Destination(Route route, String domain) {
  private static final Route BY_MX = Route.of("*", "mx", Optional.empty(), Optional.empty());

  /** What the routes say of a recipient's domain; {@code own} stands for none. */
  static Destination of(List<Route> routes, String recipientDomain, String own) {
    String domain = (recipientDomain.isEmpty() ? own : recipientDomain).toLowerCase(Locale.ROOT);
    Route route = routes.stream().filter(r -> r.matches(domain)).findFirst().orElse(BY_MX);
    return new Destination(route.toAnyDomain(), route.to() instanceof Route.Hop.Mx ? domain : "");
  }

  boolean isLmtp() {
    return route.to() instanceof Route.Hop.LmtpInet || route.to() instanceof Route.Hop.LmtpUnix;
  }

  @Override
  public String toString() {
    Route.Hop to = route.to();
    if (to instanceof Route.Hop.Smtp smtp) {
      return smtp.host() + ":" + smtp.port();
    } else if (to instanceof Route.Hop.LmtpInet inet) {
      return "lmtp:" + inet.host() + ":" + inet.port();
    } else if (to instanceof Route.Hop.LmtpUnix unix) {
      return "lmtp:" + unix.path();
    }
    return domain;
  }
}
