package org.mailjournal.relaytest;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.mailjournal.Main;

/** What every world is made of, whatever its mail system. */
final class Worlds {
  private Worlds() {}

  /** With a short path, for there are sockets in it. */
  static Path temporary(String prefix) {
    try {
      return Files.createTempDirectory(Path.of("/tmp"), prefix);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs the command here, which is faster than a process for each question. */
  static int inProcess(String[] arguments, PrintStream out, PrintStream err) {
    return Main.run(arguments, out, err, false);
  }

  /** A daemon whose log stays in target/scenarios. */
  static Daemon.Setup daemon(
      String name, int port, Path queue, Optional<String> user, List<String> configuration) {
    Path directory = temporary("journal");
    Program program = Program.built();
    return new Daemon.Setup(
        user.isPresent() ? program.readableFrom(directory.resolve("program")) : program,
        directory,
        log(name),
        user,
        "inet:" + port + "@127.0.0.1",
        Optional.of(queue),
        configuration);
  }

  /** Stays when all else is removed. */
  static Path log(String name) {
    return Path.of("target", "scenarios", name + ".log");
  }
}
