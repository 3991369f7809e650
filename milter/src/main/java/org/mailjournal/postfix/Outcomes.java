package org.mailjournal.postfix;

import java.time.Instant;
import java.util.Optional;
import org.mailjournal.journal.EnhancedStatus;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

/** From a delivery agent's record to the journal's event. */
final class Outcomes {
  private static final String EXPANSION = ": alias expanded";

  private Outcomes() {}

  /** The status that an action of RFC 3464 section 2.3.3 is in a trace file. */
  static Optional<Status> ofAction(String action) {
    return switch (action) {
      case "relayed" -> Optional.of(Status.RELAYED);
      case "delivered" -> Optional.of(Status.DELIVERED);
      case "expanded" -> Optional.of(Status.EXPANDED);
      default -> Optional.empty();
    };
  }

  /**
   * What became of the recipient, where it is not what the action says: of an alias that has an
   * owner-alias local(8) says {@code delivered} (alias.c), as RFC 3461 section 5.2.7.3 has it for a
   * mailing list. Nothing was put into a mailbox then, and a target may yet fail.
   */
  static Status fate(Status action, LogRecord record) {
    boolean isList = record.text("reason").filter(words -> words.endsWith(EXPANSION)).isPresent();
    return action == Status.DELIVERED && isList ? Status.EXPANDED : action;
  }

  static Event.Outcome of(
      Subject subject, LogRecord record, Status status, String attempt, Instant at) {
    Optional<String> reason = record.text("reason");
    return new Event.Outcome(
        at,
        Source.PASS,
        subject.state().key(),
        subject.recipient(record),
        status,
        record.text("status").flatMap(EnhancedStatus::of),
        RemoteText.of(record.text("mta_mname"), reason),
        // Other diagnostics ("x-unix" of pipe) are a program's words, and stand in the reason.
        record
            .text("diag_text")
            .filter(text -> record.text("diag_type").filter("smtp"::equals).isPresent()),
        reason,
        attempt);
  }

  /**
   * The failure of a recipient whose last delay was the last attempt.
   *
   * @param returned whether the sender is told (bounce_notify_service.c)
   */
  static Event.Outcome expired(Event.Outcome delay, boolean returned) {
    String end = returned ? "(expired, returned to sender)" : "(expired)";
    return new Event.Outcome(
        delay.at(),
        delay.source(),
        delay.message(),
        delay.recipient(),
        Status.FAILED,
        delay.dsn(),
        delay.remote(),
        delay.reply(),
        Optional.of(delay.reason().map(r -> r + " ").orElse("") + end),
        delay.attempt());
  }
}
