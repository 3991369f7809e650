package org.mailjournal.relaytest;

/** A recipient in the test MTA's queue, and whether the queue is done with it. */
final class MtaRecipient {
  private final String address;
  private final String orcpt;
  private final int notifyFlags;
  private long offset;
  private volatile boolean done;

  /**
   * @param orcpt the sender's ORCPT, or {@code rfc822;address} as Postfix makes one up
   * @param notifyFlags the bits of {@link NotifyMark}, 0 for none
   */
  MtaRecipient(String address, String orcpt, int notifyFlags) {
    this.address = address;
    this.orcpt = orcpt;
    this.notifyFlags = notifyFlags;
  }

  String address() {
    return address;
  }

  String domain() {
    return address.substring(address.lastIndexOf('@') + 1);
  }

  String localPart() {
    int at = address.lastIndexOf('@');
    return at < 0 ? address : address.substring(0, at);
  }

  String orcpt() {
    return orcpt;
  }

  int notifyFlags() {
    return notifyFlags;
  }

  boolean wantsSuccess() {
    return (notifyFlags & NotifyMark.SUCCESS) != 0;
  }

  /** Where its record starts in the queue file. */
  long offset() {
    return offset;
  }

  void setOffset(long position) {
    offset = position;
  }

  boolean done() {
    return done;
  }

  void setDone() {
    done = true;
  }
}
