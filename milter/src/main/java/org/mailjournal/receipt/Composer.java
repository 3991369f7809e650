package org.mailjournal.receipt;

import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.mailjournal.journal.Address;

/** Writes receipts as complete messages (RFC 5322). Threads may share one. */
final class Composer {
  private final Settings settings;
  private final UnaryOperator<byte[]> sign;

  /**
   * A composer.
   *
   * @param sign from a MIME entity (its header fields, an empty line, its body, all with CRLF, no
   *     MIME-Version) to the entity that is sent in its place, in the same form
   */
  Composer(Settings settings, UnaryOperator<byte[]> sign) {
    this.settings = settings;
    this.sign = sign;
  }

  /**
   * What stays the same from receipt to receipt.
   *
   * @param from the address of From
   * @param name the display name of From; may be empty
   * @param reportingMta this MTA's host name, the right part of Message-IDs as well
   * @param language the language that is written whatever the message says; empty is {@code auto}:
   *     by Content-Language, else English
   * @param returned what of the original is shown
   */
  record Settings(
      Address from,
      String name,
      String reportingMta,
      Optional<String> language,
      ZoneId zone,
      Returned returned) {}

  /** What of the original message a receipt returns. */
  enum Returned {
    /** The whole header section, as it came. */
    HEADERS,
    /** The fields by which the sender knows the message. */
    FIELDS,
    NONE
  }

  /** The receipt, with CRLF, ready to be sent with the null reverse-path. */
  byte[] compose(Notice notice) {
    byte[] entity =
        ("Content-Type: text/plain\r\n\r\n" + settings.name() + notice.receiptId() + "\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    return sign.apply(entity);
  }
}
