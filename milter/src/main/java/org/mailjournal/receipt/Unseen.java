package org.mailjournal.receipt;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.RecipientState;
import org.mailjournal.journal.RecordedEvent;
import org.mailjournal.journal.Reduction;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

/**
 * Recipients that Postfix added ({@code always_bcc}, {@code sender_bcc_maps}, {@code
 * recipient_bcc_maps}), with NOTIFY=NEVER so that the sender hears nothing of them (cleanup.h): an
 * archive's address is none of his business, nor is it if the archive is full.
 */
final class Unseen {
  private final MessageKey first;
  private final Set<Address> addresses;

  private Unseen(MessageKey first, Set<Address> addresses) {
    this.first = first;
    this.addresses = addresses;
  }

  /** Those of a message that is not followed yet. */
  static Unseen of(MessageState first) {
    return new Unseen(
        first.key(),
        first.recipients().stream()
            .filter(Unseen::isAdded)
            .map(row -> row.recipient().address())
            .collect(Collectors.toUnmodifiableSet()));
  }

  /** The same, by all that is known of it and its later hops. */
  static Unseen of(MessageKey message, List<RecordedEvent> events) {
    List<RecordedEvent> own =
        events.stream()
            .filter(recorded -> recorded.event().about().equals(Optional.of(message)))
            .toList();
    return Reduction.of(own).map(Unseen::of).orElse(new Unseen(message, Set.of()));
  }

  /** An alias's target has the alias as its original; what our relay tells is sent to the world. */
  private static boolean isAdded(RecipientState row) {
    return row.asked().isEmpty()
        && row.status() != Status.REJECTED
        && row.recipient().original().isEmpty()
        && (row.source() == Source.PASS || row.source() == Source.QUEUE);
  }

  MessageState without(MessageState state) {
    return state.withRecipients(
        state.recipients().stream().filter(row -> isSeen(row.recipient())).toList());
  }

  /** A later hop's reception names all its recipients, so it is left out where one is unseen. */
  List<RecordedEvent> without(List<RecordedEvent> events) {
    return addresses.isEmpty()
        ? events
        : events.stream().filter(recorded -> isSeen(recorded.event())).toList();
  }

  private boolean isSeen(Event event) {
    if (event instanceof Event.Outcome outcome) {
      return isSeen(outcome.recipient());
    } else if (event instanceof Event.Unreported unreported) {
      return isSeen(unreported.recipient());
    }
    return !(event instanceof Event.Received received) || received.message().equals(first);
  }

  private boolean isSeen(Recipient recipient) {
    return !addresses.contains(recipient.address()) || recipient.original().isPresent();
  }
}
