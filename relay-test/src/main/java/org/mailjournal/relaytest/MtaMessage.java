package org.mailjournal.relaytest;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A message in the test MTA's queue. */
final class MtaMessage {
  /**
   * What does not change.
   *
   * @param attributes named attributes of the queue file, {@code log_client_name} and the like
   * @param ret 0 unknown, 1 FULL, 2 HDRS, as Postfix counts
   */
  record Envelope(
      String queueId,
      Instant arrival,
      String sender,
      String envid,
      int ret,
      boolean utf8,
      boolean eightBit,
      Map<String, String> attributes) {}

  private final Envelope envelope;
  private final List<MtaRecipient> recipients;
  private final byte[] content;
  private int passes;
  private boolean warned;

  MtaMessage(Envelope envelope, List<MtaRecipient> recipients, byte[] content) {
    this.envelope = envelope;
    this.recipients = List.copyOf(recipients);
    this.content = content;
  }

  Envelope envelope() {
    return envelope;
  }

  String queueId() {
    return envelope.queueId();
  }

  List<MtaRecipient> recipients() {
    return recipients;
  }

  List<MtaRecipient> open() {
    return recipients.stream().filter(r -> !r.done()).toList();
  }

  byte[] content() {
    return content;
  }

  boolean wantsTrace() {
    return recipients.stream().anyMatch(MtaRecipient::wantsSuccess);
  }

  int countPass() {
    return ++passes;
  }

  boolean warned() {
    return warned;
  }

  void setWarned() {
    warned = true;
  }
}
