package org.mailjournal.postfix;

import java.util.Locale;

/** Postfix's three services that keep one log file for each message. */
enum Service {
  /** Deliveries of which somebody wants to hear. */
  TRACE,
  /** Failures. */
  BOUNCE,
  /** Delays. */
  DEFER;

  /** The queue that its log files lie in; mail_queue.h. */
  String queue() {
    return name().toLowerCase(Locale.ROOT);
  }
}
