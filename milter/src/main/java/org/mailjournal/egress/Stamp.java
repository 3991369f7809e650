package org.mailjournal.egress;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.RecipientState;
import org.mailjournal.journal.Source;

/** When something happened, and which attempt it was: what is told under it twice is one. */
record Stamp(Instant at, String attempt) {
  /** What these verdicts come to for a message. */
  Batch batch(Joiner.Subject subject, List<Verdict> verdicts) {
    return new Batch(
        subject.received(), verdicts.stream().flatMap(v -> outcomes(subject, v)).toList());
  }

  /** One for each row that the message has for the address, or for a new one. */
  private Stream<Event.Outcome> outcomes(Joiner.Subject subject, Verdict verdict) {
    List<Recipient> rows =
        subject.known().stream()
            .flatMap(state -> Joiner.rows(state, verdict.recipient()))
            .map(RecipientState::recipient)
            .toList();
    List<Recipient> concerned = rows.isEmpty() ? List.of(Recipient.of(verdict.recipient())) : rows;
    return concerned.stream().map(row -> outcome(subject.key(), row, verdict));
  }

  private Event.Outcome outcome(MessageKey message, Recipient row, Verdict verdict) {
    Answer answer = verdict.answer();
    Optional<String> words = answer.ours() ? Optional.of(answer.text()) : Optional.empty();
    Optional<String> reason =
        words.isPresent() && verdict.note().isPresent()
            ? words.map(w -> w + "; " + verdict.note().get())
            : words.or(verdict::note);
    return new Event.Outcome(
        at,
        Source.EGRESS,
        message,
        row,
        verdict.status(),
        verdict.dsn(),
        verdict.remote(),
        answer.ours() ? Optional.empty() : Optional.of(answer.forTheRecord()),
        reason,
        Doubts.attempt(attempt, verdict.fingerprint()));
  }
}
