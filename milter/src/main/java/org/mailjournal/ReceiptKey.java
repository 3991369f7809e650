package org.mailjournal;

import java.util.Optional;
import org.mailjournal.config.Config;
import org.mailjournal.receipt.SigningSettings;
import org.mailjournal.store.Settings;

/** Where the key is that signs receipts and evidence. */
final class ReceiptKey {
  private static final String OWN = "receipts.p12";

  private ReceiptKey() {}

  /** Its own, where none is named, lies beside the journal, which is where the daemon may write. */
  static SigningSettings settings(Config config, String host) {
    Config.Receipts receipts = config.receipts();
    return new SigningSettings(
        receipts.key(),
        receipts.keyPassword(),
        Settings.of(config.store().url()).file().resolveSibling(OWN),
        host,
        Optional.of(ReceiptWiring.from(config, host).text()));
  }
}
