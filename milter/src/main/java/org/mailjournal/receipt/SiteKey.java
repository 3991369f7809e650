package org.mailjournal.receipt;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/**
 * The signer, opened when it is first needed, so that a key that cannot be used holds up receipts
 * and nothing else. What failed is tried again, but not for each receipt.
 */
final class SiteKey {
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private static final byte[] MIME_VERSION =
      "MIME-Version: 1.0\r\n".getBytes(StandardCharsets.US_ASCII);

  private final SigningSettings settings;
  private final Clock clock;
  private Signer signer;
  private SigningException trouble;
  private Instant lastTry = Instant.EPOCH;

  SiteKey(SigningSettings settings, Clock clock) {
    this.settings = settings;
    this.clock = clock;
  }

  /** Without the MIME-Version field, which stands among the message's own. */
  byte[] sign(byte[] entity) {
    byte[] signed = signer().sign(entity);
    return startsWith(signed, MIME_VERSION)
        ? Arrays.copyOfRange(signed, MIME_VERSION.length, signed.length)
        : signed;
  }

  private static boolean startsWith(byte[] bytes, byte[] head) {
    return bytes.length >= head.length
        && Arrays.equals(bytes, 0, head.length, head, 0, head.length);
  }

  /**
   * The signer.
   *
   * @throws SigningException when the key cannot be used now
   */
  synchronized Signer signer() {
    Instant now = clock.instant();
    if (signer != null && signer.expires().isAfter(now)) {
      return signer;
    }
    // Before the last try: the clock was set back meanwhile.
    if (trouble != null && !now.isBefore(lastTry) && now.isBefore(lastTry.plus(PAUSE))) {
      throw trouble;
    }
    lastTry = now;
    try {
      signer = Signer.open(settings, clock);
      trouble = null;
      return signer;
    } catch (SigningException e) {
      signer = null;
      trouble = e;
      throw e;
    }
  }
}
