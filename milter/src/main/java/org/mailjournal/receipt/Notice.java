package org.mailjournal.receipt;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.MessageState;

/**
 * One receipt to be written: the facts, and for whom.
 *
 * @param message what is known at present
 * @param to whom it is mailed to
 * @param originalHeader the message's header section as it was kept; absent when it was not
 * @param contentLanguages the language tags of the message's Content-Language, the first wanted
 *     most
 * @param now when the receipt is written
 * @param receiptId the left part of its Message-ID, and its name in its text
 * @param originals what the sender's ORCPT said
 * @param evidence the file {@code evidence.json}, attached as it is
 */
record Notice(
    Kind kind,
    MessageState message,
    Address to,
    Optional<byte[]> originalHeader,
    List<String> contentLanguages,
    Instant now,
    String receiptId,
    OriginalRecipients originals,
    Optional<byte[]> evidence) {
  /** Why the receipt is written. */
  enum Kind {
    /** Patience ran out, somebody still waits. */
    INTERIM,
    /** Every recipient's fate is known. */
    FINAL,
    /** Somebody asked for it, whatever is known. */
    BY_HAND
  }

  Notice {
    contentLanguages = List.copyOf(contentLanguages);
  }
}
