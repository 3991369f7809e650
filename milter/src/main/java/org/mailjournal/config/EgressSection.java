package org.mailjournal.config;

import com.typesafe.config.ConfigValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mailjournal.config.Config.Listen;

/** The keys of the relay on the way out. Without {@code egress.listen} none has an effect. */
final class EgressSection {
  private static final Pattern HOST_NAME = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");
  private static final Pattern PLACE =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.]+)\\]|([0-9.]+)):([0-9]{1,5})");

  private static final int HIGHEST_PORT = 65535;

  private final Settings settings;
  private final List<Problem> problems;

  EgressSection(Settings settings, List<Problem> problems) {
    this.settings = settings;
    this.problems = problems;
  }

  Optional<Config.Egress> read() {
    requireListen();
    Optional<Listen> listen = settings.listen(Key.EGRESS_LISTEN);
    List<String> clients = settings.networks(Key.EGRESS_CLIENTS, Settings.LEAST_BITS);
    if (listen.isPresent() && clients.isEmpty() && !ListenNotation.isLoopback(listen.get())) {
      // The relay trusts whom it lets in: open to everybody it would be an open relay.
      settings.bad(Key.EGRESS_LISTEN);
    }
    List<String> names = entries(Key.EGRESS_MTA_NAMES, name -> HOST_NAME.matcher(name).matches());
    List<Config.Route> routes = new Routes(problems).read(settings.list(Key.EGRESS_ROUTES));
    Config.Dns dns =
        new Config.Dns(
            resolver(),
            settings.number(Key.EGRESS_MX_PORT, 1, HIGHEST_PORT),
            entries(Key.EGRESS_OWN_ADDRESSES, Networks::isAddress));
    var trust = settings.path(Key.EGRESS_TRUST);
    Config.Timeouts timeouts = timeouts();
    return listen.map(
        place -> new Config.Egress(place, clients, names, routes, dns, trust, timeouts));
  }

  private void requireListen() {
    for (Key key : Key.values()) {
      if (key.path().startsWith("egress.")
          && settings.has(key)
          && !settings.has(Key.EGRESS_LISTEN)) {
        settings.problem(
            key, "has no effect without " + Key.EGRESS_LISTEN.path() + "; set that too");
      }
    }
  }

  private List<String> entries(Key key, Predicate<String> isRight) {
    List<String> entries = new ArrayList<>();
    for (ConfigValue entry : settings.list(key)) {
      Values.text(entry)
          .filter(isRight)
          .ifPresentOrElse(
              entries::add,
              () -> problems.add(Values.problem(key.path(), entry, "expected " + key.form())));
    }
    return entries;
  }

  private Optional<Config.Place> resolver() {
    Optional<String> text = settings.text(Key.EGRESS_RESOLVER);
    Optional<Config.Place> place = text.flatMap(EgressSection::place);
    if (text.isPresent() && place.isEmpty()) {
      settings.bad(Key.EGRESS_RESOLVER);
    }
    return place;
  }

  private static Optional<Config.Place> place(String text) {
    Matcher matcher = PLACE.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String address = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
    int port = Integer.parseInt(matcher.group(3));
    return Networks.isAddress(address) && port >= 1 && port <= HIGHEST_PORT
        ? Optional.of(new Config.Place(address, port))
        : Optional.empty();
  }

  private Config.Timeouts timeouts() {
    return new Config.Timeouts(
        timeout(Key.EGRESS_CONNECT_TIMEOUT),
        timeout(Key.EGRESS_GREETING_TIMEOUT),
        timeout(Key.EGRESS_COMMAND_TIMEOUT),
        timeout(Key.EGRESS_DATA_TIMEOUT),
        timeout(Key.EGRESS_BLOCK_TIMEOUT),
        timeout(Key.EGRESS_END_OF_DATA_TIMEOUT));
  }

  private Duration timeout(Key key) {
    return settings.period(key, Duration.ofSeconds(1), Duration.ofHours(1)).orElse(Duration.ZERO);
  }
}
