package org.mailjournal.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.mailjournal.config.Config.Listen;

/** From the parsed file to the record, gathering problems on the way. */
final class Settings {
  private static final int MOST_CONNECTIONS = 100_000;

  /** Of 10.0.0.0/8, the widest network that one site can have. */
  static final int LEAST_BITS = 8;

  private final Path file;
  private final Map<String, ConfigValue> values = new LinkedHashMap<>();
  private final List<Problem> problems = new ArrayList<>();

  Settings(Path file, ConfigObject root) {
    this.file = file;
    flatten("", root);
  }

  Config toConfig() {
    Config config =
        new Config(
            file,
            new Config.Milter(
                listen(Key.MILTER_LISTEN).orElse(null),
                number(Key.MILTER_MAX_CONNECTIONS, 1, MOST_CONNECTIONS),
                period(Key.MILTER_IDLE_TIMEOUT, Duration.ofSeconds(1), Duration.ofDays(7))
                    .orElse(null)),
            postfix(),
            new EgressSection(this, problems).read(),
            new Config.Store(url()),
            onFailure(),
            networks(Key.INTERNAL_RELAYS, LEAST_BITS),
            new ReceiptSettings(this, problems).read(),
            period(Key.RETENTION, Duration.ofDays(1), Duration.ofDays(36_500)));
    if (!problems.isEmpty()) {
      throw new ConfigException(file, problems);
    }
    return config;
  }

  /** Leaves by their full names; what no key is named after is a problem. */
  private void flatten(String prefix, ConfigObject object) {
    for (String name : new TreeSet<>(object.keySet())) {
      String path = prefix + ConfigUtil.quoteString(name).replaceAll("^\"([A-Za-z0-9-]+)\"$", "$1");
      ConfigValue value = object.get(name);
      if (isKey(path)) {
        values.put(path, value);
      } else if (value instanceof ConfigObject inner && isSection(path)) {
        flatten(path + ".", inner);
      } else {
        unknown(path, value);
      }
    }
  }

  private static boolean isKey(String path) {
    return keys().contains(path);
  }

  private static boolean isSection(String path) {
    return keys().stream().anyMatch(key -> key.startsWith(path + "."));
  }

  private static Set<String> keys() {
    Set<String> keys = new TreeSet<>();
    for (Key key : Key.values()) {
      keys.add(key.path());
    }
    return keys;
  }

  private void unknown(String path, ConfigValue value) {
    if (isSection(path)) {
      problems.add(Values.problem(path, value, "a section is expected, " + path + " { … }"));
    } else {
      problems.add(
          Values.problem(
              path, value, "unknown key; the keys are " + String.join(", ", near(path))));
    }
  }

  /** Those of the same section, if it is one of ours. */
  private static Set<String> near(String path) {
    String section = path.substring(0, path.indexOf('.') + 1);
    Set<String> near = new TreeSet<>(keys());
    near.removeIf(key -> section.isEmpty() || !key.startsWith(section));
    return near.isEmpty() ? keys() : near;
  }

  private Optional<Config.Postfix> postfix() {
    Optional<Path> directory = path(Key.POSTFIX_QUEUE_DIRECTORY);
    Optional<Duration> audit = period(Key.POSTFIX_AUDIT, Duration.ofSeconds(1), Duration.ofDays(1));
    return directory.map(d -> new Config.Postfix(d, audit.orElse(null)));
  }

  private String url() {
    String url = text(Key.STORE_URL).orElse("");
    // The driver takes what follows '?' for settings of its own.
    if (!url.isEmpty() && !(url.matches("jdbc:sqlite:/[^?]+") && isFile(url))) {
      bad(Key.STORE_URL);
    }
    return url;
  }

  private static boolean isFile(String url) {
    return Values.absolutePath(url.substring("jdbc:sqlite:".length()))
        .filter(path -> path.getFileName() != null)
        .isPresent();
  }

  private Config.OnFailure onFailure() {
    String word = text(Key.ON_FAILURE).orElse("");
    for (Config.OnFailure choice : Config.OnFailure.values()) {
      if (choice.name().toLowerCase(Locale.ROOT).equals(word)) {
        return choice;
      }
    }
    bad(Key.ON_FAILURE);
    return null;
  }

  Optional<Listen> listen(Key key) {
    Optional<String> text = text(key);
    Optional<Listen> listen = text.flatMap(ListenNotation::parse);
    if (text.isPresent() && listen.isEmpty()) {
      bad(key);
    }
    return listen;
  }

  Optional<Path> path(Key key) {
    Optional<String> text = text(key);
    Optional<Path> path = text.flatMap(Values::absolutePath);
    if (text.isPresent() && path.isEmpty()) {
      bad(key);
    }
    return path;
  }

  Optional<Duration> period(Key key, Duration least, Duration most) {
    Optional<String> text = text(key);
    Optional<Duration> period =
        text.flatMap(Period::parse).filter(p -> p.compareTo(least) >= 0 && p.compareTo(most) <= 0);
    if (text.isPresent() && period.isEmpty()) {
      bad(key);
    }
    return period;
  }

  int number(Key key, int least, int most) {
    String text = text(key).orElse("");
    if (text.matches("[0-9]{1,9}")) {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    }
    bad(key);
    return least;
  }

  boolean flag(Key key) {
    ConfigValue value = values.get(key.path());
    if (value == null) {
      return Boolean.parseBoolean(key.byDefault().orElse("false"));
    }
    if (value.valueType() != ConfigValueType.BOOLEAN) {
      bad(key);
    }
    return Boolean.TRUE.equals(value.unwrapped());
  }

  /** What the file has as text, else the default; a value of another shape is a problem. */
  Optional<String> text(Key key) {
    ConfigValue value = values.get(key.path());
    if (value == null) {
      return key.byDefault();
    }
    Optional<String> text = Values.text(value);
    if (text.isEmpty()) {
      bad(key);
      return key.byDefault();
    }
    return text;
  }

  List<String> networks(Key key, int leastBits) {
    return new Networks(problems).read(key, list(key), leastBits);
  }

  /** Whether the file has the key. */
  boolean has(Key key) {
    return values.containsKey(key.path());
  }

  List<ConfigValue> list(Key key) {
    ConfigValue value = values.get(key.path());
    if (value == null) {
      return List.of();
    }
    if (value.valueType() == ConfigValueType.LIST) {
      return List.copyOf((com.typesafe.config.ConfigList) value);
    }
    bad(key);
    return List.of();
  }

  void bad(Key key) {
    problem(key, "expected " + key.form());
  }

  void problem(Key key, String words) {
    problems.add(Values.problem(key.path(), values.get(key.path()), words));
  }
}
