package org.mailjournal.postfix;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.mailjournal.journal.EnhancedStatus;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

/** From a delivery agent's record to the journal's event. */
final class Outcomes {
  /** In the words of local(8) alone, which are no stranger's: alias.c, dotforward.c. */
  private static final Pattern EXPANSION = Pattern.compile("delivery via [^ ]+: alias expanded");

  /** forward.c. */
  private static final Pattern FORWARDED =
      Pattern.compile("delivery via [^ ]+: forwarded as [0-9A-Za-z]+");

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
   * What became of the recipient, where it is not what the action says. Of an alias that has an
   * owner-alias local(8) says {@code delivered} (alias.c), as RFC 3461 section 5.2.7.3 has it for a
   * mailing list: nothing was put into a mailbox then, and a target may yet fail. Where it has
   * handed targets in as a message of their own it says {@code relayed} (forward.c): no other
   * system has taken anything.
   */
  static Status fate(Status action, LogRecord record) {
    return isExpansion(record) || matches(FORWARDED, record) ? Status.EXPANDED : action;
  }

  /** Whether an alias is all that it tells of, and not what became of a message. */
  static boolean isExpansion(LogRecord record) {
    return record.action().equals("expanded") || matches(EXPANSION, record);
  }

  private static boolean matches(Pattern words, LogRecord record) {
    return record.text("reason").filter(text -> words.matcher(text).matches()).isPresent();
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
        RemoteText.of(record.text("mta_mname"), reason.filter(any -> !isOfAProgram(record))),
        // Other diagnostics ("x-unix" of pipe) are a program's words, and stand in the reason.
        record.text("diag_text").filter(text -> isOfType("smtp", record)),
        reason,
        attempt);
  }

  /**
   * Whether the whole reason may be what a program has printed: behind an enhanced status code that
   * is all that pipe(8) and local(8) say of its failure (pipe_command.c).
   */
  private static boolean isOfAProgram(LogRecord record) {
    return isOfType("x-unix", record);
  }

  private static boolean isOfType(String type, LogRecord record) {
    return record.text("diag_type").filter(type::equalsIgnoreCase).isPresent();
  }

  /**
   * The failure of a recipient whose last delay was the last attempt.
   *
   * @param returned whether the sender is told (bounce_notify_service.c)
   */
  static Event.Outcome expired(Event.Outcome delay, boolean returned) {
    return new Event.Outcome(
        delay.at(),
        delay.source(),
        delay.message(),
        delay.recipient(),
        Status.FAILED,
        delay.dsn(),
        delay.remote(),
        delay.reply(),
        Optional.of(delay.reason().map(r -> r + " ").orElse("") + end(returned)),
        delay.attempt());
  }

  static String end(boolean returned) {
    return returned ? "(expired, returned to sender)" : "(expired)";
  }
}
