package org.mailjournal.cli;

import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.mailjournal.journal.Status;

/** Small pieces of English. */
final class Words {
  private Words() {}

  /** {@code 1 event}, {@code 2 events}. */
  static String count(long number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  static String statuses() {
    return Arrays.stream(Status.values()).map(Status::word).collect(Collectors.joining(", "));
  }

  /** What a shell hands on as this one argument. */
  static String argument(String word) {
    String text = Plain.text(word);
    String quoted =
        text.matches("[A-Za-z0-9@%+=:,./_-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    return text.startsWith("-") ? "-- " + quoted : quoted;
  }

  /** Whether one may be the other mistyped: no more than half of its letters differ. */
  static boolean areNear(String typed, String word) {
    int[] row = IntStream.rangeClosed(0, word.length()).toArray();
    for (int i = 1; i <= typed.length(); i++) {
      int corner = row[0];
      row[0] = i;
      for (int j = 1; j <= word.length(); j++) {
        int changed = corner + (typed.charAt(i - 1) == word.charAt(j - 1) ? 0 : 1);
        corner = row[j];
        row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[word.length()] <= word.length() / 2;
  }

  /** A length that is not exceeded: the next one that {@link #duration} can say. */
  static String within(Duration duration) {
    long seconds = duration.toSeconds();
    long unit = seconds < 10 ? 10 : seconds < 3600 ? 1000 : seconds < 86_400 ? 60_000 : 3_600_000;
    return duration(Duration.ofMillis((duration.toMillis() + unit - 1) / unit * unit));
  }

  /** {@code 0.25 s}, {@code 12 s}, {@code 3 min 20 s}, {@code 2 h 5 min}, {@code 3 d 4 h}. */
  static String duration(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds < 10) {
      return String.format(java.util.Locale.ROOT, "%.2f s", duration.toMillis() / 1000.0);
    }
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return seconds / 60 + " min " + seconds % 60 + " s";
    }
    if (seconds < 86_400) {
      return seconds / 3600 + " h " + seconds % 3600 / 60 + " min";
    }
    return seconds / 86_400 + " d " + seconds % 86_400 / 3600 + " h";
  }
}
