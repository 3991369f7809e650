package org.mailjournal.journal;

import java.util.Optional;

/**
 * The system at the far side of a delivery attempt.
 *
 * @param mta its name as the MTA looked it up (an MX host), not as it greeted
 * @param address {@code 192.0.2.1:25}, {@code [2001:db8::1]:25}, or a socket's path
 * @param tls protocol and cipher of that session, where they are known
 */
public record Remote(Optional<String> mta, Optional<String> address, Optional<String> tls) {
  /** No other system took part, or none is known. */
  public static final Remote NONE =
      new Remote(Optional.empty(), Optional.empty(), Optional.empty());

  /** Whether there is one; what Java makes of a record's equals takes a command some 30 ms. */
  public boolean isKnown() {
    return mta.isPresent() || address.isPresent() || tls.isPresent();
  }
}
