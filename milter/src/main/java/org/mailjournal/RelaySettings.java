package org.mailjournal;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
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
    Settings usual =
        Settings.of(
            listen(egress.listen()),
            names.get(0),
            egress.routes().stream().map(RelaySettings::route).toList(),
            database.resolveSibling(database.getFileName() + EMERGENCY));
    return usual.withMtaNames(names);
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
