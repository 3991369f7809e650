package org.mailjournal.relaytest;

import java.net.InetSocketAddress;
import java.util.List;

/** A mail system under test, running on loopback. Scenarios know it by this face only. */
public interface Mta extends AutoCloseable {
  /** Something that not every mail system can. */
  enum Ability {
    /** Has a log of its own that is the oracle ({@link #log}). */
    LOG,
    LOCAL_MAILBOX,
    VIRTUAL_ALIAS,
    LOCAL_ALIAS,
    FORWARD_FILE,
    SENDMAIL_COMMAND,
    XCLIENT,
    /** Takes mail at {@code ::1} as well. */
    IPV6,
    STARTTLS,
    AUTH,
    SMTPUTF8,
    CONTENT_FILTER,
    /** An administrator can take a message out of the queue, or requeue it. */
    QUEUE_SURGERY,
    EXPIRY,
    /** Answers a sender who asked for NOTIFY=SUCCESS with a report of its own. */
    SUCCESS_REPORT
  }

  /** Its name and version, for the test report: {@code Postfix 3.7.11}. */
  String name();

  boolean can(Ability ability);

  /** Where it takes mail over SMTP. */
  InetSocketAddress smtp();

  /** Attempts everything in its queue now, due or not. Returns before the attempts end. */
  void runQueue();

  /** The queue ids of all that it still holds. */
  List<String> queue();

  /** The messages in a local user's mailbox, oldest first. */
  List<byte[]> mailbox(String user);

  /** What it logged of delivery attempts of one message, in order. */
  List<LogLine> log(String queueId);

  @Override
  void close();

  /**
   * One recipient's line in the MTA's log.
   *
   * @param to the final address
   * @param originalTo Postfix's {@code orig_to=}, else empty
   * @param relay as logged: {@code 127.0.0.1[127.0.0.1]:12600}, {@code local}, {@code none}
   * @param status as logged: {@code sent}, {@code deferred}, {@code bounced}, {@code Sent} …
   * @param text what stands in parentheses behind the status
   */
  record LogLine(
      String queueId,
      String to,
      String originalTo,
      String relay,
      String dsn,
      String status,
      String text) {}
}
