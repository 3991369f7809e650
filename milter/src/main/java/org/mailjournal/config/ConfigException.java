package org.mailjournal.config;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The configuration cannot be used: every problem that was found in it. */
public final class ConfigException extends RuntimeException {
  private final transient Path file;
  private final transient List<Problem> problems;

  ConfigException(Path file, List<Problem> problems) {
    super(text(file, problems));
    this.file = file;
    this.problems = List.copyOf(problems);
  }

  private static String text(Path file, List<Problem> problems) {
    return problems.stream()
        .map(problem -> "configuration " + file + ": " + problem)
        .collect(Collectors.joining("\n"));
  }

  /** The file that was read, or should have been. */
  public Path file() {
    return file;
  }

  /** In the order of the file's keys. */
  public List<Problem> problems() {
    return problems;
  }
}
