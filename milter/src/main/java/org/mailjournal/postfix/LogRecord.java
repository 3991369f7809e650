package org.mailjournal.postfix;

import java.util.Map;
import java.util.Optional;

/**
 * What a delivery agent wrote about one recipient: a paragraph of a bounce, defer or trace file.
 *
 * @param values by attribute name, unknown ones included
 * @param start the offset of its first byte
 * @param end the offset behind the empty line that ends it
 */
record LogRecord(Map<String, String> values, long start, long end) {
  /** {@code DSN_NOTIFY_SUCCESS}. */
  private static final int SUCCESS = 1 << 1;

  /** {@code DSN_NOTIFY_FAILURE}. */
  private static final int FAILURE = 1 << 2;

  LogRecord {
    values = Map.copyOf(values);
  }

  String recipient() {
    return bare(values.getOrDefault("recipient", ""));
  }

  /** The address before aliases and canonical mapping; Postfix leaves it out where it is equal. */
  Optional<String> original() {
    return text("original_recipient").map(LogRecord::bare);
  }

  /** The sender's ORCPT, or what Postfix puts in its place. */
  Optional<String> orcpt() {
    return text("dsn_orig_rcpt");
  }

  Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name)).filter(value -> !value.isEmpty());
  }

  String action() {
    return values.getOrDefault("action", "");
  }

  /**
   * Where the queue file has the recipient that was being delivered to, whatever became of its
   * address then. Empty where local(8) has handed it on to another transport (deliver_pass.c).
   */
  Optional<Long> offset() {
    return text("offset").filter(digits -> digits.matches("[0-9]{1,18}")).map(Long::valueOf);
  }

  /** Whether it was written because of NOTIFY=SUCCESS, or of that as well. */
  boolean notifiesSuccess() {
    return (notifyFlags() & SUCCESS) != 0;
  }

  /** Whether a failure is the sender's to know, by his NOTIFY (dsn_mask.h); without one it is. */
  boolean notifiesFailure() {
    int flags = notifyFlags();
    return flags == 0 || (flags & FAILURE) != 0;
  }

  private int notifyFlags() {
    return text("notify_flags")
        .filter(flags -> flags.matches("[0-9]{1,3}"))
        .map(Integer::valueOf)
        .orElse(0);
  }

  private static String bare(String address) {
    return address.equals("<>") ? "" : address;
  }
}
