package org.mailjournal.relaytest;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;

/**
 * How long to measure, and where the results go.
 *
 * @param rounds how often each of two is run, in turn
 * @param time how long one run of a milter lasts
 * @param messages how many messages the journal has that is asked
 * @param soak how long the daemon is watched under steady mail
 */
record BenchmarkSettings(int rounds, Duration time, int messages, Duration soak, PrintStream out) {
  private static final int ROUNDS = 5;
  private static final int SECONDS = 4;
  private static final int MESSAGES = 10_000_000;
  private static final int MINUTES = 60;

  /**
   * Takes the options out of the arguments; what stays are names.
   *
   * @throws IllegalArgumentException for an option that is not known, or without its number
   */
  static BenchmarkSettings of(List<String> arguments, List<String> names, PrintStream out) {
    int rounds = ROUNDS;
    int seconds = SECONDS;
    int messages = MESSAGES;
    int minutes = MINUTES;
    Deque<String> left = new ArrayDeque<>(arguments);
    while (!left.isEmpty()) {
      String word = left.remove();
      switch (word) {
        case "--rounds" -> rounds = number(word, left);
        case "--seconds" -> seconds = number(word, left);
        case "--messages" -> messages = number(word, left);
        case "--minutes" -> minutes = number(word, left);
        default -> names.add(word);
      }
    }
    return new BenchmarkSettings(
        rounds, Duration.ofSeconds(seconds), messages, Duration.ofMinutes(minutes), out);
  }

  private static int number(String option, Deque<String> left) {
    String given = left.isEmpty() ? "" : left.remove();
    if (!given.matches("[1-9][0-9]{0,8}")) {
      throw new IllegalArgumentException(option + ": expected a number, got '" + given + "'");
    }
    return Integer.parseInt(given);
  }

  void print(String line) {
    out.println(line);
    out.flush();
  }

  /** What the numbers below it were measured on. */
  void printMachine() throws IOException {
    String load = Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0];
    print(
        "  (%d cores, load %s before, Java %s)"
            .formatted(
                Runtime.getRuntime().availableProcessors(),
                load,
                ManagementFactory.getRuntimeMXBean().getSpecVersion()));
  }

  /** A ratio in percent, and whether it is what was to be reached. */
  void printRatio(String what, double ratio, double target) {
    String verdict = ratio >= target ? "reached" : "MISSED";
    print("  %s: %.0f %% (target %.0f %%: %s)".formatted(what, 100 * ratio, 100 * target, verdict));
  }

  /** A number that must not be above its target. */
  void printLimit(String what, double value, double target, String unit) {
    String verdict = value <= target ? "reached" : "MISSED";
    print(
        "  %s: %s %s (target %s: %s)"
            .formatted(what, figures(value), unit, figures(target), verdict));
  }

  private static String figures(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%.0f", value);
  }

  /** A directory on the disk of the working directory, through which every user can come. */
  Path makeDirectory() throws IOException {
    Path directory = Files.createTempDirectory(Path.of("").toAbsolutePath(), "bench");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    // After a Ctrl-C as well: the journal that is asked has gigabytes.
    Runtime.getRuntime().addShutdownHook(new Thread(() -> removeLeftOver(directory)));
    return directory;
  }

  private static void removeLeftOver(Path directory) {
    if (Files.exists(directory)) {
      Trees.remove(directory);
    }
  }
}
