package org.mailjournal.postfix;

import java.util.Optional;

/**
 * A recipient as the queue file has it, addresses in Postfix's internal form.
 *
 * @param orcpt the sender's ORCPT, or what Postfix puts in its place
 * @param done whether Postfix will not attempt it again
 */
record QueueRecipient(
    String address, Optional<String> original, Optional<String> orcpt, boolean done) {
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
}
