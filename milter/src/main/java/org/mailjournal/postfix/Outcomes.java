package org.mailjournal.postfix;

import java.time.Instant;
import java.util.Optional;
import org.mailjournal.journal.EnhancedStatus;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

/** From a delivery agent's record to the journal's event. */
final class Outcomes {
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

  static Event.Outcome of(
      Subject subject, LogRecord record, Status status, String attempt, Instant at) {
    Optional<String> reason = record.text("reason");
    return new Event.Outcome(
        at,
        Source.PASS,
        subject.state().key(),
        recipient(subject, record),
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

  /** The failure of a recipient whose last delay was the last attempt. */
  static Event.Outcome expired(Event.Outcome delay) {
    return new Event.Outcome(
        delay.at(),
        delay.source(),
        delay.message(),
        delay.recipient(),
        Status.FAILED,
        delay.dsn(),
        delay.remote(),
        delay.reply(),
        Optional.of(delay.reason().map(r -> r + " ").orElse("") + "(expired, returned to sender)"),
        "");
  }

  static Recipient recipient(Subject subject, LogRecord record) {
    return subject.recipient(record.recipient(), record.original());
  }
}
