package org.mailjournal.egress;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import org.mailjournal.journal.Address;

/**
 * What a transaction brings, its trace fields with the queue id included, in a few characters: two
 * that are equal bring the same message from the same sender to the same recipient.
 */
final class Fingerprint {
  /** 72 bits: more than chance finds twice, and 12 characters. */
  private static final int BYTES = 9;

  private final MessageDigest content = sha256();

  void add(byte[] block, int length) {
    content.update(block, 0, length);
  }

  /**
   * Ends the content.
   *
   * @param sender as it stood in MAIL
   */
  Content end(String sender) {
    return new Content(sender, content.digest());
  }

  /** A whole content with its sender; for each recipient another fingerprint. */
  static final class Content {
    private final String sender;
    private final byte[] digest;

    private Content(String sender, byte[] digest) {
      this.sender = sender;
      this.digest = digest;
    }

    /** Addresses that are equal are one recipient, and have one fingerprint. */
    String of(Address recipient) {
      MessageDigest all = sha256();
      all.update(digest);
      all.update((sender + "\0" + recipient.comparable()).getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().encodeToString(Arrays.copyOf(all.digest(), BYTES));
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
