package org.mailjournal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.mailjournal.config.Config;
import org.mailjournal.store.SqliteJournal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the system lets the daemon have, and what becomes of it without. */
final class Bounds {
  private static final Logger LOG = LoggerFactory.getLogger(Bounds.class);
  private static final Path LIMITS = Path.of("/proc/self/limits");
  private static final String OPEN_FILES = "Max open files";

  /** The journal, its readers, the jar, the event loops, and what Java has. */
  private static final long OWN = 150;

  /** Connections from the MTA, a selector for each that comes by unix socket, and next hops. */
  private static final long RELAY = 4L * 1000;

  /** Three services, each with those that are served, that wait, and that are passed on. */
  private static final long TAP = 3L * (16 + 256 + 16);

  private static final int EXIT = 3;

  private Bounds() {}

  /** Tells the admin when fewer files may be open than all connections together would need. */
  static void warn(Config config) {
    openFiles()
        .ifPresent(
            may -> {
              long need = needed(config);
              if (may < need) {
                LOG.warn(
                    "limits: {} files may be open, and {} would be with all connections that may be"
                        + " there at one time; connections will wait then. Raise LimitNOFILE in the"
                        + " unit (ulimit -n), or lower milter.max-connections",
                    may,
                    need);
              }
            });
  }

  static long needed(Config config) {
    return OWN
        + config.milter().maxConnections()
        + (config.egress().isPresent() ? RELAY : 0)
        + (config.postfix().isPresent() ? TAP : 0);
  }

  /** Java raises the soft limit to the hard one by itself. */
  private static OptionalLong openFiles() {
    try {
      return limit(Files.readAllLines(LIMITS));
    } catch (IOException otherSystem) {
      return OptionalLong.empty();
    }
  }

  static OptionalLong limit(List<String> lines) {
    return lines.stream()
        .filter(line -> line.startsWith(OPEN_FILES))
        .map(line -> line.substring(OPEN_FILES.length()).strip().split(" +", -1)[0])
        .filter(soft -> soft.matches("[0-9]{1,18}"))
        .mapToLong(Long::parseLong)
        .findFirst();
  }

  /**
   * A thread that dies for want of memory or of threads, or the one that writes the journal by
   * whatever cause, would leave a daemon that listens and does not answer. {@code
   * -XX:+ExitOnOutOfMemoryError} sees to the heap only.
   */
  static void endWhenCrippled() {
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) -> {
          LOG.error("{} died", thread.getName(), failure);
          crippled(thread.getName(), failure)
              .ifPresent(
                  why -> {
                    LOG.error("{}: ends, to be started again", why);
                    Runtime.getRuntime().halt(EXIT);
                  });
        });
  }

  /** Why the daemon cannot do its work without that thread; empty if it can. */
  static Optional<String> crippled(String thread, Throwable failure) {
    if (failure instanceof OutOfMemoryError) {
      return Optional.of("limits: out of memory or threads");
    } else if (thread.equals(SqliteJournal.WRITER_THREAD)) {
      return Optional.of("journal: nothing can be recorded any more (" + failure + ")");
    }
    return Optional.empty();
  }
}
