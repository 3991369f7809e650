package org.mailjournal.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Runs Postfix's own {@code postconf} and {@code postmap}; time and output are bounded. */
final class PostconfProgram implements PostconfReader, TableReader {
  private static final long SECONDS = 10;
  private static final int MOST_OUTPUT = 4 << 20;

  /** Not in the PATH of ordinary users. */
  private static final Path USUAL = Path.of("/usr/sbin");

  /** How it ended, and what it printed; of complaints the first that is no warning. */
  private record Run(int code, String output, String complaint) {}

  @Override
  public String read(Path directory, String... arguments) throws IOException {
    List<String> command = command("postconf", directory, arguments);
    Run run = run(command, false);
    if (run.code() != 0) {
      throw new IOException(String.join(" ", command) + " ended with exit code " + run.code());
    }
    return run.output();
  }

  @Override
  public Optional<String> answer(Path directory, String table, String key) throws IOException {
    List<String> command = command("postmap", directory, "-q", key, table);
    Run run = run(command, true);
    if (run.code() == 0) {
      return Optional.of(run.output().stripTrailing());
    }
    // 1 is also that there is no answer: nothing is said then.
    if (run.code() > 1 || !run.complaint().isEmpty()) {
      throw new IOException(run.complaint() + " (exit code " + run.code() + ")");
    }
    return Optional.empty();
  }

  private static List<String> command(String program, Path directory, String... arguments) {
    Path usual = USUAL.resolve(program);
    List<String> command = new ArrayList<>();
    command.add(Files.isExecutable(usual) ? usual.toString() : program);
    command.addAll(List.of("-c", directory.toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  private static Run run(List<String> command, boolean complaints) throws IOException {
    ProcessBuilder program = new ProcessBuilder(command);
    if (!complaints) {
      program.redirectError(ProcessBuilder.Redirect.DISCARD);
    }
    Process process =
        program.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile())).start();
    Executor later = CompletableFuture.delayedExecutor(SECONDS, TimeUnit.SECONDS);
    CompletableFuture<Void> guard = CompletableFuture.runAsync(process::destroyForcibly, later);
    try (InputStream output = process.getInputStream();
        InputStream errors = process.getErrorStream()) {
      String printed = new String(output.readNBytes(MOST_OUTPUT), StandardCharsets.UTF_8);
      // A few lines, which a pipe holds while the output is read.
      String complaint = new String(errors.readNBytes(MOST_OUTPUT), StandardCharsets.UTF_8);
      return new Run(process.waitFor(), printed, serious(complaint));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    } finally {
      guard.cancel(false);
      process.destroyForcibly();
    }
  }

  private static String serious(String complaints) {
    return complaints
        .lines()
        .filter(line -> line.contains("fatal: ") || line.contains("error: "))
        .findFirst()
        .orElse("");
  }
}
