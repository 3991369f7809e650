package org.mailjournal.postfix;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.mailjournal.journal.Address;

/**
 * A recipient as the queue file has it, addresses in Postfix's internal form.
 *
 * @param offset where its record stands in the file: what delivery agents name it by
 * @param orcpt the sender's ORCPT, or what Postfix puts in its place
 * @param traced whether delivery agents write a record of its success, and of what it expands to:
 *     NOTIFY=SUCCESS (dsn_mask.h), which a virtual alias's targets do not have
 * @param done whether Postfix will not attempt it again
 */
record QueueRecipient(
    long offset,
    String address,
    Optional<String> original,
    Optional<String> orcpt,
    boolean traced,
    boolean done) {
  /** The address in the form of SMTP and of the log files. */
  String external() {
    return Quoting.external(address);
  }

  /** The address before aliases and mapping, left out where the log files leave it out. */
  Optional<String> externalOriginal() {
    return original
        .filter(o -> !o.isEmpty() && !o.equalsIgnoreCase(address))
        .map(Quoting::external);
  }

  /**
   * Whether a log file's recipient is this address. There bounce(8) has put a question mark in the
   * place of every byte that it cannot print, all of an internationalized mailbox name without
   * {@code smtputf8_enable} (printable.c).
   */
  boolean isWrittenAs(String recipient) {
    String written = Quoting.internal(recipient);
    return new Address(address).equals(new Address(written))
        || isNeuteredAs(written, StandardCharsets.UTF_8)
        || isNeuteredAs(written, StandardCharsets.ISO_8859_1);
  }

  /** The bytes in the file were of the one or the other, {@code Bytes.text}. */
  private boolean isNeuteredAs(String written, Charset charset) {
    byte[] whole = address.getBytes(charset);
    byte[] left = written.getBytes(StandardCharsets.UTF_8);
    if (whole.length != left.length) {
      return false;
    }
    for (int i = 0; i < whole.length; i++) {
      boolean isPrintable = whole[i] >= ' ' && whole[i] < 127;
      if (whole[i] != left[i] && (isPrintable || left[i] != '?')) {
        return false;
      }
    }
    return true;
  }
}
