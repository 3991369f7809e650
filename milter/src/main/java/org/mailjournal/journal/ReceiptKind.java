package org.mailjournal.journal;

import java.util.Locale;

/** Which of a message's two receipts it is; there are never more. */
public enum ReceiptKind {
  /** While some recipients still wait, and only if patience runs out. */
  INTERIM,
  /** When the fate of every recipient is known, or no more news is to be expected. */
  FINAL;

  /** The word that stands in JSON and in the journal. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
