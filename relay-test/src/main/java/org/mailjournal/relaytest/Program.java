package org.mailjournal.relaytest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
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

  /**
   * This one if every user can reach it, else a copy in the directory: a home of root's is closed
   * to postfix.
   */
  public Program readableFrom(Path directory) {
    return isOpen(launcher.resolveSibling(JAR)) && isOpen(launcher) ? this : copyTo(directory);
  }

  private static boolean isOpen(Path file) {
    try {
      boolean open = Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ);
      for (Path at = file.getParent(); open && at != null; at = at.getParent()) {
        open = Files.getPosixFilePermissions(at).contains(PosixFilePermission.OTHERS_EXECUTE);
      }
      return open;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Program copyTo(Path directory) {
    try {
      Files.createDirectories(directory);
      Path copy = directory.resolve(launcher.getFileName());
      Files.copy(launcher, copy);
      Files.copy(launcher.resolveSibling(JAR), directory.resolve(JAR));
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
