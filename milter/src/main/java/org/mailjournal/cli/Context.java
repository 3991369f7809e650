package org.mailjournal.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import org.mailjournal.config.ConfigLoader;

/** What a command works with. */
record Context(
    Services services,
    Clock clock,
    ZoneId zone,
    Map<String, String> environment,
    PrintStream out,
    PrintStream err,
    boolean terminal) {
  static final String CONFIG_VARIABLE = "MAILJOURNAL_CONFIG";

  /** The file named by the option, else by the environment, else the usual one. */
  Path configFile(Optional<Path> option) {
    return option
        .or(
            () ->
                Optional.ofNullable(environment.get(CONFIG_VARIABLE))
                    .filter(name -> !name.isBlank())
                    .map(Path::of))
        .orElse(ConfigLoader.DEFAULT_FILE);
  }

  /** Colours are for terminals, and for people who have not said no (no-color.org). */
  boolean colour() {
    boolean refused = !environment.getOrDefault("NO_COLOR", "").isEmpty();
    return terminal && !refused && !"dumb".equals(environment.get("TERM"));
  }

  Style style() {
    return colour() ? Style.COLOURED : Style.BARE;
  }

  Times times() {
    return new Times(zone, clock.instant());
  }
}
