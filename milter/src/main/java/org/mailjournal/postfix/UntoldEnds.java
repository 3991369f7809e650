package org.mailjournal.postfix;

import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.RecipientState;
import org.mailjournal.journal.Remote;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

/**
 * Whom Postfix gives up with a message that is too old, though its defer file has no word of them:
 * a delivery agent that dies writes none (qmgr_deliver_update), nor does local(8) when cleanup(8)
 * does not take what it forwards (forward_send). They go with the message all the same.
 */
final class UntoldEnds {
  private final Subject subject;
  private final QueueFile file;
  private final Set<Recipient> told = new HashSet<>();
  private final Set<Long> toldAt = new HashSet<>();

  /** Whom records without an offset stand for, under whatever name. */
  private final Set<Address> toldFor = new HashSet<>();

  UntoldEnds(Subject subject, QueueFile file) {
    this.subject = subject;
    this.file = file;
  }

  /** A record of the defer file. */
  void told(LogRecord record, Recipient recipient) {
    told.add(recipient);
    record.offset().ifPresentOrElse(toldAt::add, () -> toldFor.add(recipient.accepted()));
  }

  /** Their failures. */
  List<Event.Outcome> failures(Request request, LogFile defer, Instant at) throws IOException {
    // Without a defer file the sender gets his message back all the same, and nobody is named.
    String end =
        Outcomes.end(defer.attempt().isEmpty() && request.isReturned(subject.state().key().mta()));
    Set<Recipient> settled =
        subject.state().recipients().stream()
            .filter(row -> row.status().isFinal())
            .map(RecipientState::recipient)
            .collect(Collectors.toSet());
    return file.recipients().stream()
        .filter(one -> !one.done() && !toldAt.contains(one.offset()))
        .map(subject::recipient)
        .filter(recipient -> !told.contains(recipient) && !settled.contains(recipient))
        .filter(recipient -> !toldFor.contains(recipient.accepted()))
        .distinct()
        .map(recipient -> failure(recipient, end, at))
        .toList();
  }

  private Event.Outcome failure(Recipient recipient, String end, Instant at) {
    return new Event.Outcome(
        at,
        Source.PASS,
        subject.state().key(),
        recipient,
        Status.FAILED,
        Optional.empty(),
        Remote.NONE,
        Optional.empty(),
        Optional.of(Event.Outcome.UNTOLD + " " + end),
        "");
  }
}
