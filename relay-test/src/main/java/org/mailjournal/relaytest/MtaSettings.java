package org.mailjournal.relaytest;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a test MTA runs; {@link TestMta.Builder} says what each means.
 *
 * @param services prefix of the three services that the queue manager asks: {@code journal-} with
 *     the tap
 */
record MtaSettings(
    Path queueDirectory,
    String hostName,
    Optional<String> milter,
    boolean mark,
    String services,
    Map<String, InetSocketAddress> routes,
    String localDomain,
    Set<String> users,
    int expireAfter,
    int warnAfter) {
  MtaSettings {
    routes = Map.copyOf(routes);
    users = Set.copyOf(users);
  }

  boolean isLocal(MtaRecipient recipient) {
    return recipient.domain().equalsIgnoreCase(localDomain);
  }

  Optional<InetSocketAddress> route(String domain) {
    return Optional.ofNullable(
        routes.getOrDefault(domain.toLowerCase(Locale.ROOT), routes.get("*")));
  }
}
