package org.mailjournal.relaytest;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/** The server's side of AUTH PLAIN. */
final class Plain {
  private Plain() {}

  /** Who shows himself with this initial response in Base64; empty when it is not he. */
  static Optional<String> user(String response, Map<String, String> passwords) {
    byte[] plain;
    try {
      plain = Base64.getDecoder().decode(response);
    } catch (IllegalArgumentException noBase64) {
      return Optional.empty();
    }
    // RFC 4616: authorization identity NUL authentication identity NUL password
    String[] parts = new String(plain, StandardCharsets.UTF_8).split("\0", -1);
    return parts.length == 3 && parts[2].equals(passwords.get(parts[1]))
        ? Optional.of(parts[1])
        : Optional.empty();
  }
}
