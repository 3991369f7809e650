package org.mailjournal.postfix;

import java.util.Optional;
import org.mailjournal.journal.QueueId;

/**
 * What qmgr asks of a service about one message. Attributes that are not understood stay in the
 * list and are passed on.
 *
 * @param queueName the queue that the message's file lies in, {@code active}
 * @param sender the envelope sender in Postfix's internal form
 */
record Request(
    Command command,
    int flags,
    String queueName,
    QueueId queueId,
    String sender,
    AttributeList attributes) {
  /** {@code BOUNCE_CMD_*} of bounce.h, in the order of their numbers. */
  enum Command {
    APPEND,
    FLUSH,
    WARN,
    VERP,
    ONE,
    TRACE
  }

  /**
   * Nothing is delivered: verify(8)'s probe of an address, and {@code sendmail -bv}
   * (deliver_request.h, DEL_REQ_FLAG_MTA_VRFY and DEL_REQ_FLAG_USR_VRFY).
   */
  private static final int VERIFY = 1 << 8 | 1 << 9;

  /** {@code sendmail -v}: the sender gets a record of every delivery. */
  private static final int RECORD = 1 << 10;

  /** {@code confirm_delay_cleared}: who was warned of a delay is told of the delivery. */
  private static final int DELAY_CLEARED = 1 << 13;

  /** {@code double_bounce_sender}, if nobody changed it. */
  private static final String DOUBLE_BOUNCE = "double-bounce@";

  /** Empty when the list is no request about one message. */
  static Optional<Request> of(AttributeList list) {
    int number = list.number("nrequest").orElse(-1);
    String id = list.text("queue_id").orElse("");
    String queue = list.text("queue_name").orElse("active");
    if (number < 0 || number >= Command.values().length || !isQueueId(id) || !isQueueName(queue)) {
      return Optional.empty();
    }
    return Optional.of(
        new Request(
            Command.values()[number],
            list.number("flags").orElse(0),
            queue,
            new QueueId(id),
            list.text("sender").orElse(""),
            list));
  }

  /**
   * Whether the sender is told of this failure.
   *
   * @param mta the {@code myhostname} of this Postfix
   */
  boolean returns(LogRecord failure, String mta) {
    return isReturned(mta) && failure.notifiesFailure();
  }

  /**
   * Whether there is a sender to be told: nobody stands behind the null sender, and what Postfix
   * itself sends to the postmaster Postfix throws away (bounce_notify_service.c).
   *
   * @param mta the {@code myhostname} of this Postfix
   */
  boolean isReturned(String mta) {
    return !sender.isEmpty() && !sender.equalsIgnoreCase(DOUBLE_BOUNCE + mta);
  }

  boolean isVerification() {
    return (flags & VERIFY) != 0;
  }

  boolean recordsEverything() {
    return (flags & RECORD) != 0;
  }

  boolean clearsDelays() {
    return (flags & DELAY_CLEARED) != 0;
  }

  /** mail_queue_id_ok() of mail_queue.c, which keeps dots and slashes out of file names. */
  private static boolean isQueueId(String text) {
    return QueueId.isValid(text) && text.chars().allMatch(c -> isAlphanumeric(c) || c == '_');
  }

  /** mail_queue_name_ok(). */
  private static boolean isQueueName(String text) {
    return !text.isEmpty()
        && text.length() <= 100
        && text.chars().allMatch(Request::isAlphanumeric);
  }

  private static boolean isAlphanumeric(int c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  }
}
