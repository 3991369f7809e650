package org.mailjournal.config;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Single values of the parsed file. */
final class Values {
  private Values() {}

  /** A string or a number as it was typed; empty for every other type and for an empty string. */
  static Optional<String> text(ConfigValue value) {
    return switch (value.valueType()) {
      case STRING, NUMBER -> Optional.of(typed(value)).filter(t -> !t.isBlank());
      case BOOLEAN, NULL, LIST, OBJECT -> Optional.empty();
    };
  }

  /** A number by itself is 7 for 007, and 1000 for 1e3; asked for as a string it is as typed. */
  private static String typed(ConfigValue value) {
    return value.atKey("it").getString("it");
  }

  static Optional<Path> absolutePath(String text) {
    try {
      return Optional.of(Path.of(text)).filter(Path::isAbsolute);
    } catch (InvalidPathException notAPath) {
      return Optional.empty();
    }
  }

  static Problem problem(String key, ConfigValue value, String expected) {
    int line = value.origin().lineNumber();
    return new Problem(
        Optional.of(key),
        Optional.of(
            value.valueType() == ConfigValueType.NUMBER
                ? typed(value)
                : value.render(ConfigRenderOptions.concise())),
        line > 0 ? Optional.of(line) : Optional.empty(),
        expected);
  }
}
