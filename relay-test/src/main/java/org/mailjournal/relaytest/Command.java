package org.mailjournal.relaytest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end and keeps what it printed. */
public final class Command {
  private static final int SECONDS = 60;

  private Command() {}

  /** What a program printed, both streams in one, and how it ended. */
  public record Result(List<String> command, int exitCode, String output) {
    /** This, or an exception with what it printed if it did not end with 0. */
    public Result orThrow() {
      if (exitCode != 0) {
        throw new IllegalStateException(
            "%s ended with %d: %s".formatted(String.join(" ", command), exitCode, output));
      }
      return this;
    }
  }

  public static Result run(String... command) {
    return run(new byte[0], List.of(command));
  }

  /** Runs it with these bytes as its input. */
  public static Result run(byte[] input, List<String> command) {
    return run(input, command, SECONDS);
  }

  static Result run(byte[] input, List<String> command, int seconds) {
    try {
      // Files, not pipes: a daemon that the program leaves behind would keep a pipe open.
      Path in = Files.createTempFile("command", ".in");
      Path out = Files.createTempFile("command", ".out");
      try {
        Files.write(in, input);
        return run(command, in, out, seconds);
      } finally {
        Files.delete(in);
        Files.delete(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Result run(List<String> command, Path in, Path out, int seconds)
      throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectErrorStream(true)
            .start();
    try {
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException(
            "%s did not end within %d s".formatted(String.join(" ", command), seconds));
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while " + command.get(0) + " ran", e);
    }
    return new Result(
        command, process.exitValue(), new String(Files.readAllBytes(out), StandardCharsets.UTF_8));
  }
}
