package org.mailjournal.relaytest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * The built {@code journal} command.
 *
 * @param launcher the script; the program's jar lies beside it
 */
public record Program(Path launcher) {
  static final Charset CHARSET = StandardCharsets.UTF_8;
  private static final String JAR = "mail-journal.jar";

  /**
   * The one that the build made, found from the working directory upwards.
   *
   * @throws IllegalStateException when there is none
   */
  public static Program built() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path launcher = at.resolve("milter/target/journal");
      if (Files.isExecutable(launcher) && Files.exists(launcher.resolveSibling(JAR))) {
        return new Program(launcher);
      }
    }
    throw new IllegalStateException(
        "the journal command is not built: expected milter/target/journal and "
            + JAR
            + " above the working directory; run mvn package");
  }

  /** A copy in a directory that every user can read; a home of root's cannot be read by postfix. */
  public Program copyTo(Path directory) {
    try {
      Files.createDirectories(directory);
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
      Path copy = directory.resolve(launcher.getFileName());
      if (!Files.exists(copy)) {
        Files.copy(launcher, copy);
        Files.copy(launcher.resolveSibling(JAR), directory.resolve(JAR));
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(
            directory.resolve(JAR), PosixFilePermissions.fromString("rw-r--r--"));
      }
      return new Program(copy);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The command line that runs it with these arguments. */
  public List<String> command(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(launcher.toString());
    command.addAll(List.of(arguments));
    return command;
  }
}
