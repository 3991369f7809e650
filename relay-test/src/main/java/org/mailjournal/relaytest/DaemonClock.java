package org.mailjournal.relaytest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The daemon's wall clock, set by Debian's faketime: only its own, for the machine's belongs to
 * everybody on it. What measures time without a date goes on as it does when a real clock is set.
 * FAKETIME_FORCE_MONOTONIC_FIX, on by default (0.9.10), ends every timed wait of Java's at once, so
 * that each waiting thread turns in a loop.
 */
final class DaemonClock {
  private static final Optional<Path> LIBRARY =
      Stream.of("x86_64", "aarch64")
          .map(m -> Path.of("/usr/lib/" + m + "-linux-gnu/faketime/libfaketimeMT.so.1"))
          .filter(Files::isReadable)
          .findFirst();

  private final Path file;

  private DaemonClock(Path file) {
    this.file = file;
  }

  /** Right, until it is moved; its file lies in that directory. */
  static DaemonClock in(Path directory) {
    try {
      Files.createDirectories(directory);
      DaemonClock clock = new DaemonClock(directory.resolve("clock"));
      clock.move(Duration.ZERO);
      return clock;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Why it cannot be moved here; empty if it can. */
  static Optional<String> unavailable() {
    return LIBRARY.isPresent() ? Optional.empty() : Optional.of("there is no libfaketime here");
  }

  /** The program, with this clock where that is possible. */
  Program of(Program program) {
    if (LIBRARY.isEmpty()) {
      return program;
    }
    String script =
        """
        #!/bin/sh
        export LD_PRELOAD=%s FAKETIME_TIMESTAMP_FILE=%s
        export FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1 NO_FAKE_STAT=1
        export FAKETIME_FORCE_MONOTONIC_FIX=0
        exec %s "$@"
        """
            .formatted(LIBRARY.get(), file, program.launcher());
    try {
      Path launcher = Files.writeString(file.resolveSibling("journal-with-clock"), script);
      Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
      return new Program(launcher);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** So far from the machine's clock. */
  void move(Duration offset) {
    try {
      // Renamed into place: it is read at any moment.
      Path next = file.resolveSibling("clock.next");
      Files.writeString(next, "%+d%n".formatted(offset.toSeconds()));
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
