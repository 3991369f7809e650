package org.mailjournal;

import java.nio.file.Path;
import java.util.Optional;
import org.mailjournal.receipt.SigningSettings;

/** Where the key is that signs receipts and evidence. */
final class ReceiptKey {
  private static final String OWN = "receipts.p12";

  private ReceiptKey() {}

  /** Beside the journal, which is where the daemon may write. */
  static SigningSettings settings(Path database, String host) {
    return new SigningSettings(
        Optional.empty(), Optional.empty(), database.resolveSibling(OWN), host, Optional.empty());
  }
}
