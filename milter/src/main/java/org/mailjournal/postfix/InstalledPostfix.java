package org.mailjournal.postfix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the Postfix that is installed here says of itself, by {@code postconf}. */
public final class InstalledPostfix {
  private static final Logger LOG = LoggerFactory.getLogger(InstalledPostfix.class);
  private static final int PATIENCE_SECONDS = 10;
  private static final int LONGEST = 16 * 1024;

  /** In the order in which they are asked for, one line each. */
  private static final List<String> NAMES =
      List.of(
          "mail_version", "queue_directory", "myhostname", "hash_queue_names", "hash_queue_depth");

  private InstalledPostfix() {}

  /**
   * The tap's settings for the instance with this queue directory. Another instance than the
   * machine's first has only the version in common with it; where postconf cannot be asked, Postfix
   * 3.6 or later is assumed.
   */
  public static Settings settings(Path queueDirectory) {
    List<String> values = postconf("-x");
    if (values.size() != NAMES.size()) {
      // A package without its questions answered has no main.cf, and then only defaults.
      values = postconf("-d");
    }
    Settings usual = Settings.of(queueDirectory);
    if (values.size() != NAMES.size()) {
      return usual;
    }
    Optional<String> version = Optional.of(values.get(0));
    if (!Path.of(values.get(1)).normalize().equals(queueDirectory.normalize())) {
      return usual.withInstance(version, Set.of());
    }
    return usual
        .withInstance(version, Set.of(values.get(2)))
        .withHashing(values.get(3), depth(values.get(4), usual.hashQueueDepth()));
  }

  private static int depth(String value, int otherwise) {
    return value.matches("[1-9]|1[0-6]") ? Integer.parseInt(value) : otherwise;
  }

  private static List<String> postconf(String which) {
    List<String> command = new ArrayList<>(List.of("postconf", which, "-h"));
    command.addAll(NAMES);
    try {
      Process postconf =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      postconf.getOutputStream().close();
      byte[] output = postconf.getInputStream().readNBytes(LONGEST);
      if (!postconf.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        postconf.destroyForcibly();
      }
      return new String(output, StandardCharsets.UTF_8).lines().map(String::strip).toList();
    } catch (IOException e) {
      LOG.warn("postconf cannot be asked, 3.6 or later is assumed: {}", e.getMessage());
      return List.of();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    }
  }
}
