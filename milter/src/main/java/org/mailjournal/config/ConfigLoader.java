package org.mailjournal.config;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads the configuration file (HOCON) and finds every problem in it in one go. */
public final class ConfigLoader {
  /** What is read when nobody names another file. */
  public static final Path DEFAULT_FILE = Path.of("/etc/mailjournal/journal.conf");

  /** Far more than any configuration needs; a log file named by mistake is not read into memory. */
  private static final long LARGEST = 1 << 20;

  /**
   * The configuration in a file.
   *
   * @throws ConfigException with every problem, when there is one
   */
  public Config load(Path file) {
    checkReadable(file);
    return new Settings(file, parse(file)).toConfig();
  }

  private static void checkReadable(Path file) {
    if (!Files.exists(file)) {
      throw refused(
          file,
          "there is no such file, or its directory may not be entered;"
              + " an empty file is enough, or name another with --config");
    }
    if (!Files.isRegularFile(file)) {
      throw refused(file, "is not a regular file; name one with --config");
    }
    if (!Files.isReadable(file)) {
      throw refused(
          file, "may not be read by " + System.getProperty("user.name") + "; grant it the right");
    }
    try {
      if (Files.size(file) > LARGEST) {
        throw refused(file, "is longer than " + LARGEST + " bytes; is it the right file?");
      }
    } catch (IOException cause) {
      throw refused(file, "cannot be read (" + cause.getMessage() + "); look at the file system");
    }
  }

  private static ConfigObject parse(Path file) {
    ConfigParseOptions options =
        ConfigParseOptions.defaults().setSyntax(ConfigSyntax.CONF).setAllowMissing(false);
    try {
      return ConfigFactory.parseFile(file.toFile(), options).resolve().root();
    } catch (com.typesafe.config.ConfigException cause) {
      throw new ConfigException(file, List.of(Problem.ofFile(line(cause), explained(cause))));
    } catch (IllegalArgumentException escape) {
      // The library's own, for an escape with a sign among its digits.
      throw refused(file, "cannot be parsed: " + escape.getMessage());
    } catch (StackOverflowError tooDeep) {
      throw refused(file, "is nested too deeply to be read; is it the right file?");
    }
  }

  private static Optional<Integer> line(com.typesafe.config.ConfigException cause) {
    return Optional.ofNullable(cause.origin())
        .map(com.typesafe.config.ConfigOrigin::lineNumber)
        .filter(line -> line > 0);
  }

  /** The parser's words without the place, which we name ourselves. */
  private static String explained(com.typesafe.config.ConfigException cause) {
    String words = String.valueOf(cause.getMessage());
    if (cause.origin() != null) {
      String place = cause.origin().description() + ": ";
      words = words.startsWith(place) ? words.substring(place.length()) : words;
    }
    return "cannot be parsed: "
        + words.replace('\n', ' ')
        + "; values with : @ / or = need double quotes";
  }

  private static ConfigException refused(Path file, String problem) {
    return new ConfigException(file, List.of(Problem.ofFile(Optional.empty(), problem)));
  }
}
