package org.mailjournal.egress;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;

/** Tries the files that the configuration names, as the relay itself would read them. */
public final class RelayFiles {
  private RelayFiles() {}

  /** Why no route can log in with these credentials; empty when one can. */
  public static Optional<String> credentialsProblem(Path file) {
    try {
      Credentials.read(file);
      return Optional.empty();
    } catch (HopException refused) {
      return Optional.of(text(refused));
    }
  }

  /** Why these authorities cannot be trusted; empty when they can. */
  public static Optional<String> trustProblem(Path file) {
    try {
      TlsClient.managers(file);
      return Optional.empty();
    } catch (GeneralSecurityException | IOException unusable) {
      return Optional.of(unusable.toString());
    }
  }

  private static String text(HopException refused) {
    return refused.getMessage()
        + (refused.getCause() == null ? "" : " (" + refused.getCause() + ")");
  }
}
