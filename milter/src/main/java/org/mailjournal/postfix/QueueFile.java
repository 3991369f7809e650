package org.mailjournal.postfix;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a queue file says of its message.
 *
 * @param arrival in whole milliseconds, so that it is not later than what the milter recorded
 * @param sender in Postfix's internal form
 * @param local whether no network client handed it in but sendmail(1), or Postfix itself: there no
 *     NOTIFY is ever marked by us
 * @param traced whether qmgr asks for a trace behind each pass: a recipient came with
 *     NOTIFY=SUCCESS, which an alias's targets no longer have (qmgr_active_done_2_generic)
 * @param recipients those that Postfix has or had to deliver to, in its order
 */
record QueueFile(
    Optional<Instant> arrival,
    String sender,
    boolean local,
    boolean traced,
    List<QueueRecipient> recipients) {
  /** What is known when the file cannot be read. */
  static final QueueFile UNREAD = new QueueFile(Optional.empty(), "", false, false, List.of());

  QueueFile {
    recipients = List.copyOf(recipients);
  }

  boolean isFinished() {
    return !recipients.isEmpty() && recipients.stream().allMatch(QueueRecipient::done);
  }
}
