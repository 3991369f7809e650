package org.mailjournal.relaytest;

import static java.util.stream.Collectors.joining;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.mailjournal.Main;

/**
 * Breaks things around the journal at random moments and looks for what got lost: {@code ./check
 * --torture [--minutes N] [--seed S] [--mta postfix|sendmail] [--on-failure tempfail|accept]
 * [--without-us]}. What it found is in doc/RELIABILITY.md.
 */
public final class Torture {
  private Torture() {}

  private record Settings(
      Duration time,
      long seed,
      TorturePlan.OnFailure onFailure,
      boolean isAttached,
      List<TortureWorld.MailSystem> systems) {
    static Settings of(List<String> arguments) {
      long minutes = 3;
      long seed = ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE);
      TorturePlan.OnFailure onFailure = TorturePlan.OnFailure.TEMPFAIL;
      List<TortureWorld.MailSystem> systems = List.of(TortureWorld.MailSystem.values());
      boolean isAttached = !arguments.contains("--without-us");
      Deque<String> left = new ArrayDeque<>(arguments);
      left.remove("--without-us");
      while (!left.isEmpty()) {
        String word = left.remove();
        String value = left.isEmpty() ? "" : left.remove();
        switch (word) {
          case "--minutes" -> minutes = number(word, value);
          case "--seed" -> seed = number(word, value);
          case "--mta" -> systems = List.of(one(TortureWorld.MailSystem.values(), word, value));
          case "--on-failure" -> onFailure = one(TorturePlan.OnFailure.values(), word, value);
          default -> throw new IllegalArgumentException("no such option: " + word);
        }
      }
      return new Settings(Duration.ofMinutes(minutes), seed, onFailure, isAttached, systems);
    }

    private static long number(String option, String value) {
      if (!value.matches("[0-9]{1,15}")) {
        throw new IllegalArgumentException(option + ": expected a number, got '" + value + "'");
      }
      return Long.parseLong(value);
    }

    private static <E extends Enum<E>> E one(E[] all, String option, String value) {
      return Stream.of(all)
          .filter(e -> word(e).equals(value))
          .findFirst()
          .orElseThrow(
              () ->
                  new IllegalArgumentException(
                      option
                          + ": expected "
                          + Stream.of(all).map(Settings::word).collect(joining(" or "))
                          + ", got '"
                          + value
                          + "'"));
    }

    private static String word(Enum<?> value) {
      return value.name().toLowerCase(Locale.ROOT);
    }
  }

  /** Exits with 1 when anything got lost, doubled or invented, with 2 when nothing was judged. */
  public static void main(String[] arguments) {
    Settings settings;
    try {
      settings = Settings.of(List.of(arguments));
    } catch (IllegalArgumentException wrong) {
      System.err.println("torture: " + wrong.getMessage());
      System.exit(2);
      return;
    }
    // The exchangers tell of every connection that is cut, and that is what is done here.
    System.setProperty("org.slf4j.simpleLogger.log.org.subethamail", "off");
    System.exit(breakThings(settings));
  }

  /**
   * The exit status: 0 when nothing was lost, 1 when something was, 2 without a verdict, as where
   * there is no mail system.
   */
  static int status(int judged, int problems) {
    if (judged == 0) {
      return 2;
    }
    return problems == 0 ? 0 : 1;
  }

  private static int breakThings(Settings settings) {
    int judged = 0;
    int problems = 0;
    for (TortureWorld.MailSystem system : settings.systems()) {
      Optional<String> reason = TortureWorld.unavailable(system);
      if (reason.isPresent()) {
        System.out.println(system + ": skipped: " + reason.get());
        continue;
      }
      TorturePlan plan = TorturePlan.of(settings.seed(), settings.time(), settings.onFailure());
      try {
        TortureRun run =
            new TortureRun(system, plan, settings.isAttached(), Torture::ask, System.out);
        problems += run.run().problems().size();
        judged++;
      } catch (RuntimeException noVerdict) {
        // Threads of exchangers and senders would keep the program for ever.
        noVerdict.printStackTrace(System.err);
        return 2;
      }
    }
    if (judged == 0) {
      System.err.println("torture: nothing was judged");
    }
    return status(judged, problems);
  }

  /** Runs the command here, which is faster than a process for each question. */
  private static int ask(String[] arguments, PrintStream out, PrintStream err) {
    return Main.run(arguments, out, err, false);
  }
}
