package org.mailjournal.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Runs Postfix's own {@code postconf}; its time and its output are bounded. */
final class PostconfProgram implements PostconfReader {
  private static final long SECONDS = 10;
  private static final int MOST_OUTPUT = 4 << 20;

  /** Not in the PATH of ordinary users. */
  private static final Path USUAL = Path.of("/usr/sbin/postconf");

  @Override
  public String read(Path directory, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Files.isExecutable(USUAL) ? USUAL.toString() : "postconf");
    command.addAll(List.of("-c", directory.toString()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    Executor later = CompletableFuture.delayedExecutor(SECONDS, TimeUnit.SECONDS);
    CompletableFuture<Void> guard = CompletableFuture.runAsync(process::destroyForcibly, later);
    try {
      byte[] output = process.getInputStream().readNBytes(MOST_OUTPUT);
      int code = process.waitFor();
      if (code != 0) {
        throw new IOException(String.join(" ", command) + " ended with exit code " + code);
      }
      return new String(output, StandardCharsets.UTF_8);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    } finally {
      guard.cancel(false);
      process.destroyForcibly();
    }
  }
}
