package org.mailjournal.receipt;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * archive's address is none of his business, nor is it if the archive is full. Behind a content
 * filter it may be the last hop that adds them (FILTER_README: {@code no_address_mappings} before
 * the filter), and a filter hands on in the dialogue what an earlier hop added.
 */
final class Unseen {
  private static final String PASS = "pass";

  private final MessageKey first;
  private final Map<MessageKey, Set<Recipient>> added = new HashMap<>();

  /** Added by some hop, and not named by the sender himself. */
  private final Set<Address> carriedOn = new HashSet<>();

  private Unseen(MessageKey first) {
    this.first = first;
  }

  /** Those of a message and the messages that it came in again as. */
  static Unseen of(MessageKey first, Collection<MessageState> hops) {
    Unseen unseen = new Unseen(first);
    hops.forEach(unseen::look);
    hops.stream()
        .filter(hop -> hop.key().equals(first))
        .forEach(hop -> unseen.carriedOn.removeAll(named(hop)));
    return unseen;
  }

  /** The same, by all that was recorded. */
  static Unseen in(MessageKey first, List<RecordedEvent> events) {
    Map<MessageKey, List<RecordedEvent>> byHop =
        events.stream()
            .filter(recorded -> recorded.event().about().isPresent())
            .collect(
                Collectors.groupingBy(
                    recorded -> recorded.event().about().get(),
                    LinkedHashMap::new,
                    Collectors.toList()));
    return of(first, byHop.values().stream().map(Reduction::of).flatMap(Optional::stream).toList());
  }

  /** Of a message that the relay saw first nobody knows who was in the dialogue. */
  private void look(MessageState hop) {
    if (hop.source() == Source.MILTER || hop.source() == Source.PASS) {
      Set<Address> named = named(hop);
      hop.recipients().stream()
          .filter(row -> isAdded(row, named))
          .map(RecipientState::recipient)
          .forEach(
              recipient -> {
                added.computeIfAbsent(hop.key(), any -> new HashSet<>()).add(recipient);
                carriedOn.add(recipient.address());
              });
    }
  }

  private static Set<Address> named(MessageState hop) {
    Set<Address> named = new HashSet<>(hop.renamed());
    hop.recipients().stream()
        .filter(row -> row.asked().isPresent() || row.status() == Status.REJECTED)
        .map(row -> row.recipient().accepted())
        .forEach(named::add);
    return named;
  }

  /**
   * An alias's target has as its original the alias, which was named; one that was added has the
   * setting's words where these are an alias, or a name without its domain. What our relay tells is
   * sent to the world.
   */
  private static boolean isAdded(RecipientState row, Set<Address> named) {
    return row.asked().isEmpty()
        && row.status() != Status.REJECTED
        && !named.contains(row.recipient().accepted())
        && (row.source() == Source.PASS || row.source() == Source.QUEUE);
  }

  /** Those of one hop's recipients of whom its sender may hear. */
  List<RecipientState> seen(MessageState hop) {
    return hop.recipients().stream().filter(row -> isSeen(hop.key(), row.recipient())).toList();
  }

  /** A later hop's reception names all its recipients, so it is left out where one is unseen. */
  List<RecordedEvent> without(List<RecordedEvent> events) {
    return added.isEmpty()
        ? events
        : events.stream().filter(recorded -> isSeen(recorded.event())).toList();
  }

  private boolean isSeen(Event event) {
    if (event instanceof Event.Outcome outcome) {
      return isSeen(outcome.message(), outcome.recipient());
    } else if (event instanceof Event.Unreported unreported) {
      return isSeen(unreported.message(), unreported.recipient());
    } else if (event instanceof Event.Received received) {
      return received.message().equals(first)
          || received.accepted().stream()
              .allMatch(to -> isSeen(received.message(), to.recipient()));
    }
    // Of Postfix's own words in it nobody knows whom they name.
    return !(event instanceof Event.Oddity oddity) || !oddity.stage().equals(PASS);
  }

  private boolean isSeen(MessageKey hop, Recipient recipient) {
    boolean isCarriedOn = !hop.equals(first) && carriedOn.contains(recipient.accepted());
    return !isCarriedOn && !added.getOrDefault(hop, Set.of()).contains(recipient);
  }
}
