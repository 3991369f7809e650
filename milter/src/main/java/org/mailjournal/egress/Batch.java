package org.mailjournal.egress;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageKey;

/**
 * The events of one transaction, which are recorded together.
 *
 * @param received present when the journal knew nothing of the message, or could not be asked
 */
record Batch(Optional<Event.Received> received, List<Event.Outcome> outcomes) {
  Batch {
    outcomes = List.copyOf(outcomes);
  }

  List<Event> events() {
    List<Event> events = new ArrayList<>();
    received.ifPresent(events::add);
    events.addAll(outcomes);
    return events;
  }

  /** The same of a message that the journal does know. */
  Batch of(MessageKey message) {
    return new Batch(
        Optional.empty(),
        outcomes.stream()
            .map(
                o ->
                    new Event.Outcome(
                        o.at(),
                        o.source(),
                        message,
                        o.recipient(),
                        o.status(),
                        o.dsn(),
                        o.remote(),
                        o.reply(),
                        o.reason(),
                        o.attempt()))
            .toList());
  }
}
