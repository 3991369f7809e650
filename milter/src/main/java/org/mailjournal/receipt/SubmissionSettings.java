package org.mailjournal.receipt;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where receipts are handed in.
 *
 * @param host a name or an address, IPv6 without brackets
 * @param credentials a file of two lines, login name and password
 * @param trust certificates in PEM; absent means those that Java comes with
 */
public record SubmissionSettings(
    String host, int port, Tls tls, Optional<Path> credentials, Optional<Path> trust) {
  /** How the connection is protected; a certificate is always verified. */
  public enum Tls {
    OFF,
    /** RFC 3207, and nothing is sent where the server does not offer it. */
    STARTTLS,
    /** RFC 8314 section 3.3. */
    IMPLICIT
  }

  /** A server that asks for nothing, as the MTA beside us is. */
  public static SubmissionSettings plain(String host, int port) {
    return new SubmissionSettings(host, port, Tls.OFF, Optional.empty(), Optional.empty());
  }
}
