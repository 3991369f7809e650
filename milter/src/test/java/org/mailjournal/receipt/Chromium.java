package org.mailjournal.receipt;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The installed Chromium without a window, one run at a time. */
final class Chromium {
  private static final long LONGEST_RUN_SECONDS = 120;

  private final Path program;
  private final Path profile;

  private Chromium(Path program, Path profile) {
    this.program = program;
    this.profile = profile;
  }

  /** Empty when it is not installed. */
  static Optional<Chromium> installed(Path profile) {
    return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser")
        .map(Path::of)
        .filter(Files::isExecutable)
        .map(program -> new Chromium(program, profile))
        .findFirst();
  }

  /** The page as it is when it is loaded; empty when this machine does not get there. */
  Optional<String> dom(Path page, boolean dark) throws IOException, InterruptedException {
    return run(dark, List.of("--dump-dom", page.toUri().toString()));
  }

  /** A picture of the page; false when this machine does not get there. */
  boolean picture(Path page, boolean dark, int width, int height, Path png)
      throws IOException, InterruptedException {
    List<String> arguments =
        List.of(
            "--window-size=" + width + "," + height,
            "--screenshot=" + png,
            page.toUri().toString());
    return run(dark, arguments).isPresent() && Files.exists(png);
  }

  private Optional<String> run(boolean dark, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                program.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
                "--blink-settings=preferredColorScheme=" + (dark ? 0 : 1),
                "--user-data-dir=" + profile));
    command.addAll(arguments);
    File out = File.createTempFile("chromium", ".out", profile.toFile());
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!process.waitFor(LONGEST_RUN_SECONDS, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
      return Optional.empty();
    }
    return process.exitValue() == 0
        ? Optional.of(Files.readString(out.toPath(), StandardCharsets.UTF_8))
        : Optional.empty();
  }
}
