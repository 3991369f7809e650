package org.mailjournal.journal;

import java.util.Optional;

/**
 * The SMTP client that handed a message in, as the MTA described it.
 *
 * @param name the verified host name, or what the MTA writes for none ({@code unknown})
 * @param address the IP address in text, IPv6 without brackets or prefix; absent for a local
 *     submission
 * @param helo the name that it gave in HELO, EHLO or LHLO
 * @param tls protocol and cipher, {@code TLSv1.3 TLS_AES_256_GCM_SHA384}; absent without TLS
 */
public record Client(
    Optional<String> name, Optional<String> address, Optional<String> helo, Optional<String> tls) {
  /** Nothing is known of the client. */
  public static final Client UNKNOWN =
      new Client(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** Whether anything is known of it. */
  public boolean isKnown() {
    return name.isPresent() || address.isPresent() || helo.isPresent() || tls.isPresent();
  }
}
