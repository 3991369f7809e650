package org.mailjournal.postfix;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Locale;
import org.mailjournal.journal.QueueId;

/** Where Postfix keeps the files of a message: mail_queue_dir() of mail_queue.c. */
final class QueuePaths {
  /** The alphabet of long queue ids, without vowels: safe_ultostr.c. */
  private static final String SAFE = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz";

  private static final int OTHER_DEPTHS = 4;
  private static final int SECONDS = 6;
  private static final int MICROSECONDS = 4;

  private final Settings settings;

  QueuePaths(Settings settings) {
    this.settings = settings;
  }

  /**
   * The path of a message's file in a queue. Where nothing lies at the place that the settings
   * mean, other depths are looked at: a file must not count as gone because hash_queue_depth was
   * changed.
   */
  Path of(String queue, QueueId id) {
    boolean hashes = settings.hashQueueNames().contains(queue.toLowerCase(Locale.ROOT));
    Path meant = at(queue, id, hashes ? settings.hashQueueDepth() : 0);
    if (isThere(meant)) {
      return meant;
    }
    for (int depth = 0; depth <= OTHER_DEPTHS; depth++) {
      Path other = at(queue, id, depth);
      // Each pass asks for files that are not there, so nothing is looked for twice, or further
      // down than there are directories.
      if (!isThere(other.getParent())) {
        return meant;
      }
      if (!other.equals(meant) && isThere(other)) {
        return other;
      }
    }
    return meant;
  }

  private static boolean isThere(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  private Path at(String queue, QueueId id, int depth) {
    Path directory = settings.queueDirectory().resolve(queue);
    String hashed = hashed(id.text());
    for (int level = 0; level < depth; level++) {
      // dir_forest.c: underscores where the name is too short.
      directory =
          directory.resolve(level < hashed.length() ? String.valueOf(hashed.charAt(level)) : "_");
    }
    return directory.resolve(id.text());
  }

  /** The log file of a service about a message. */
  Path log(Service service, QueueId id) {
    return of(service.queue(), id);
  }

  /**
   * What the directory is taken from: a short id itself, and for a long one its microseconds as a
   * short id has them, because the digits before them are the same for everybody for years.
   */
  private static String hashed(String id) {
    int separator = id.lastIndexOf('z');
    if (separator < SECONDS + MICROSECONDS) {
      return id;
    }
    long microseconds = 0;
    for (char c : id.substring(separator - MICROSECONDS, separator).toCharArray()) {
      int digit = SAFE.indexOf(c);
      if (digit < 0) {
        return "00000";
      }
      microseconds = microseconds * SAFE.length() + digit;
    }
    return String.format("%05X", microseconds);
  }
}
