package org.mailjournal;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.mailjournal.config.Config;
import org.mailjournal.egress.Route;
import org.mailjournal.egress.Settings;

/** What the administrator asked of the relay on the way out, in the words of its room. */
final class RelaySettings {
  private static final String EMERGENCY = ".emergency";

  private RelaySettings() {}

  /**
   * @param database the journal's file; what it cannot take waits beside it
   * @param machine the name of this machine where it has no other
   */
  static Settings of(Config.Egress egress, Path database, String machine) {
    List<String> names = egress.mtaNames().isEmpty() ? names(machine) : egress.mtaNames();
    return new Settings(
        listen(egress.listen()),
        names.get(0),
        names,
        egress.routes().stream().map(RelaySettings::route).toList(),
        timeouts(egress.timeouts()),
        Settings.Limits.USUAL,
        egress.clients(),
        database.resolveSibling(database.getFileName() + EMERGENCY),
        dns(egress.dns()),
        egress.trust());
  }

  private static Settings.Timeouts timeouts(Config.Timeouts asked) {
    return Settings.Timeouts.of(
        asked.connect(),
        asked.greeting(),
        asked.command(),
        asked.data(),
        asked.block(),
        asked.endOfData());
  }

  private static Settings.Dns dns(Config.Dns asked) {
    List<InetSocketAddress> servers =
        asked.resolver().stream()
            .map(place -> new InetSocketAddress(address(place.address()), place.port()))
            .toList();
    Optional<List<InetAddress>> own =
        Optional.of(asked.ownAddresses().stream().map(RelaySettings::address).toList())
            .filter(addresses -> !addresses.isEmpty());
    return Settings.Dns.of(servers, asked.mxPort(), own);
  }

  /** Of an address in digits, which nobody needs to be asked for. */
  private static InetAddress address(String digits) {
    try {
      return InetAddress.getByName(digits);
    } catch (UnknownHostException malformed) {
      throw new IllegalStateException(digits, malformed);
    }
  }

  /** The full name first: it is what sendmail takes for its own $j. */
  private static List<String> names(String machine) {
    try {
      String canonical = InetAddress.getLocalHost().getCanonicalHostName();
      return Character.isDigit(canonical.charAt(0)) || canonical.equals(machine)
          ? List.of(machine)
          : List.of(canonical, machine);
    } catch (UnknownHostException nameless) {
      return List.of(machine);
    }
  }

  private static Settings.Listen listen(Config.Listen listen) {
    if (listen instanceof Config.Listen.Unix unix) {
      return new Settings.Listen.Unix(unix.path());
    }
    Config.Listen.Inet inet = (Config.Listen.Inet) listen;
    return new Settings.Listen.Inet(inet.host(), inet.port());
  }

  private static Route route(Config.Route route) {
    return Route.of(route.domain(), route.to(), route.tls(), route.credentials());
  }
}
