package org.mailjournal.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code egress.routes}: which recipient domains go where; the first that matches is taken. */
final class Routes {
  private static final Set<String> NAMES = Set.of("domain", "to", "tls", "credentials");
  private static final Predicate<String> DOMAIN =
      Pattern.compile("\\*|\\.?[^\\s@*.][^\\s@*]*").asMatchPredicate();
  private static final String PLACE =
      "(\\[[0-9A-Fa-f:.]+\\]|[^\\s:\\[\\]]+):(?<port>[1-9][0-9]{0,4})";
  private static final Pattern TO =
      Pattern.compile("mx|(lmtp:inet:)?" + PLACE + "|lmtp:unix:/\\S+");
  private static final Predicate<String> TLS =
      Pattern.compile("opportunistic|required|verified").asMatchPredicate();
  private static final Predicate<String> ANY = Pattern.compile(".+").asMatchPredicate();
  private static final int HIGHEST_PORT = 65535;

  private final List<Problem> problems;

  Routes(List<Problem> problems) {
    this.problems = problems;
  }

  List<Config.Route> read(List<ConfigValue> entries) {
    List<Config.Route> routes = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      String path = Key.EGRESS_ROUTES.path() + "." + (i + 1);
      if (entries.get(i) instanceof ConfigObject route) {
        route(path, route).ifPresent(routes::add);
      } else {
        problems.add(Values.problem(path, entries.get(i), "expected " + Key.EGRESS_ROUTES.form()));
      }
    }
    return routes;
  }

  private Optional<Config.Route> route(String path, ConfigObject route) {
    for (String name : new TreeSet<>(route.keySet())) {
      if (!NAMES.contains(name)) {
        problems.add(
            Values.problem(
                path + "." + name,
                route.get(name),
                "unknown key; a route has " + String.join(", ", new TreeSet<>(NAMES))));
      }
    }
    Optional<String> domain =
        text(path, route, "domain", DOMAIN, "\"example.com\", \".example.com\" or \"*\"", true);
    Optional<String> to =
        text(
            path,
            route,
            "to",
            Routes::isHop,
            "\"mx\", \"host:port\", \"[address]:port\", \"lmtp:inet:host:port\" or"
                + " \"lmtp:unix:/path\"",
            true);
    Optional<String> tls =
        text(path, route, "tls", TLS, "opportunistic, required or verified", false);
    Optional<Path> credentials = credentials(path, route);
    return domain.isPresent() && to.isPresent()
        ? Optional.of(new Config.Route(domain.get(), to.get(), tls, credentials))
        : Optional.empty();
  }

  private static boolean isHop(String to) {
    Matcher matcher = TO.matcher(to);
    return matcher.matches()
        && (matcher.group("port") == null
            || Integer.parseInt(matcher.group("port")) <= HIGHEST_PORT);
  }

  private Optional<Path> credentials(String path, ConfigObject route) {
    String form = "the absolute path of a file";
    Optional<String> text = text(path, route, "credentials", ANY, form, false);
    Optional<Path> file = text.flatMap(Values::absolutePath);
    if (text.isPresent() && file.isEmpty()) {
      problems.add(
          Values.problem(path + ".credentials", route.get("credentials"), "expected " + form));
    }
    return file;
  }

  private Optional<String> text(
      String path,
      ConfigObject route,
      String name,
      Predicate<String> isRight,
      String form,
      boolean required) {
    ConfigValue value = route.get(name);
    Optional<String> text = Optional.ofNullable(value).flatMap(Values::text).filter(isRight);
    if (text.isEmpty() && value != null) {
      problems.add(Values.problem(path + "." + name, value, "expected " + form));
    } else if (text.isEmpty() && required) {
      problems.add(Values.problem(path, route, name + " is missing; expected " + form));
    }
    return text;
  }
}
