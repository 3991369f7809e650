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

  /** Whether the next hop is not asked, because it seems to have taken the message. */
  boolean isHeld;

  /** Empty until the content has ended. */
  String fingerprint = "";

  Rcpt(String path) {
    this.address = Address.ofPath(path);
    this.path = path;
  }

  boolean isAccepted() {
    return answer != null && answer.isPositive();
  }
}
