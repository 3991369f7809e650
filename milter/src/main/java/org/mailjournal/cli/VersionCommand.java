package org.mailjournal.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code journal version}. */
@Command(name = "version", description = "Says which version this is.")
final class VersionCommand implements Callable<Integer> {
  private final JournalCommand root;

  VersionCommand(JournalCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    root.context()
        .out()
        .println("Mail Journal " + version() + " (Java " + Runtime.version().feature() + ")");
    return CommandLineProgram.OK;
  }

  /** As the build named it. */
  static String version() {
    try (InputStream in = VersionCommand.class.getResourceAsStream("version.properties")) {
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version");
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }
}
