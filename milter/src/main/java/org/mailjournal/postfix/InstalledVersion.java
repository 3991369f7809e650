package org.mailjournal.postfix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The version of the Postfix that is installed here, which decides who speaks first. */
public final class InstalledVersion {
  private static final Logger LOG = LoggerFactory.getLogger(InstalledVersion.class);
  private static final int PATIENCE_SECONDS = 10;
  private static final int LONGEST = 64;

  private InstalledVersion() {}

  /** What {@code postconf -d -h mail_version} prints; empty, and logged, when it prints nothing. */
  public static Optional<String> read() {
    try {
      Process postconf =
          new ProcessBuilder("postconf", "-d", "-h", "mail_version")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      postconf.getOutputStream().close();
      byte[] line = postconf.getInputStream().readNBytes(LONGEST);
      if (!postconf.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        postconf.destroyForcibly();
      }
      String version = new String(line, StandardCharsets.US_ASCII).strip();
      return Optional.of(version).filter(v -> !v.isEmpty());
    } catch (IOException e) {
      LOG.warn(
          "postconf cannot be asked for Postfix's version, 3.6 or later is assumed: {}",
          e.getMessage());
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
