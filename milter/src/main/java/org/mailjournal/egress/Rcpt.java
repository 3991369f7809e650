package org.mailjournal.egress;

import org.mailjournal.journal.Address;

/** One RCPT of our client, and what it was answered. Belongs to its {@link Transaction}. */
final class Rcpt {
  final Address address;

  /** As it stood in the command. */
  final String path;

  /** Null until the next hop, or we, have said it. */
  Answer answer;

  boolean isPassedBack;

  Rcpt(String path) {
    this.address = Address.ofPath(path);
    this.path = path;
  }

  boolean isAccepted() {
    return answer != null && answer.isPositive();
  }
}
