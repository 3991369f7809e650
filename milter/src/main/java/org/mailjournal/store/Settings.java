package org.mailjournal.store;

import java.nio.file.Path;
import java.time.Duration;
import org.mailjournal.journal.JournalException;

/**
 * Where the journal lies and how much may wait for it.
 *
 * @param url {@code jdbc:sqlite:} and the path of a file
 * @param queueCapacity how many events may wait for their commit; what comes beyond fails at once
 * @param groupSize how many events one commit takes at most, unless one request alone has more
 * @param readers how many reads run at once
 * @param patience how long a write waits for somebody else's lock on the file
 */
public record Settings(
    String url, int queueCapacity, int groupSize, int readers, Duration patience) {
  private static final String PREFIX = "jdbc:sqlite:";
  private static final int QUEUE_CAPACITY = 20_000;
  private static final int GROUP_SIZE = 2_000;
  private static final int READERS = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  public Settings {
    requirePositive("queue capacity", queueCapacity);
    requirePositive("group size", groupSize);
    requirePositive("readers", readers);
    requireFile(url);
  }

  /** With what suits a mail server. */
  public static Settings of(String url) {
    return new Settings(url, QUEUE_CAPACITY, GROUP_SIZE, READERS, PATIENCE);
  }

  /** The database file. */
  public Path file() {
    return Path.of(url.substring(PREFIX.length())).toAbsolutePath().normalize();
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": expected 1 or more, got " + value);
    }
  }

  private static void requireFile(String url) {
    String path = url.startsWith(PREFIX) ? url.substring(PREFIX.length()) : "";
    // The driver takes what follows '?' for settings, and these two words for no file at all.
    if (path.isBlank()
        || path.indexOf('?') >= 0
        || path.startsWith(":")
        || path.startsWith("file:")
        || path.indexOf('\0') >= 0) {
      throw JournalException.permanent(
          "open",
          "store.url '" + url + "' is not known here",
          "expected " + PREFIX + " and the path of a file without '?'",
          null);
    }
  }
}
