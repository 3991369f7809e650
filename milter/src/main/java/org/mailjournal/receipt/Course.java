package org.mailjournal.receipt;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.RecordedEvent;

/**
 * A message with where it went on this MTA: through a content filter, which handed it in again.
 *
 * @param state each recipient where the last hop left him, without whom Postfix added
 * @param hops the messages that it came in again as
 */
record Course(MessageState state, Set<MessageKey> hops) {
  /**
   * Follows a message. Only where a program of this machine took it, or it was relayed to this
   * machine or the site's own filters: a foreign system could name one of our queue ids in its
   * reply.
   */
  static Course of(JournalReader journal, MessageState first, Networks here) {
    boolean isRelayedHere =
        first.recipients().stream()
            .flatMap(r -> r.remote().address().stream())
            .anyMatch(place -> here.contain(host(place)));
    if (!isRelayedHere && first.recipients().stream().noneMatch(Hops::isWithAProgram)) {
      Unseen unseen = Unseen.of(first.key(), List.of(first));
      return new Course(first.withRecipients(unseen.seen(first)), Set.of());
    }
    List<MessageState> chain = journal.chain(first.key());
    Hops hops = new Hops(chain, Unseen.of(first.key(), chain));
    MessageState state = hops.follow(first);
    return new Course(state, Set.copyOf(hops.followed()));
  }

  /** Without the port: {@code 127.0.0.1:10024} and {@code [::1]:10024}. */
  private static String host(String place) {
    int end = place.startsWith("[") ? place.indexOf(']') : place.lastIndexOf(':');
    String host = end < 0 ? place : place.substring(0, end);
    return host.startsWith("[") ? host.substring(1) : host;
  }

  /** Shows the events of the hops, those of each in order. */
  void eachLater(JournalReader journal, Consumer<RecordedEvent> visitor) {
    hops.forEach(hop -> journal.each(hop, visitor));
  }

  /** The events of the message and the hops, in order. */
  List<RecordedEvent> events(JournalReader journal) {
    List<RecordedEvent> events = new ArrayList<>(journal.events(state.key()));
    eachLater(journal, events::add);
    events.sort(Comparator.comparingLong(RecordedEvent::sequence));
    return events;
  }

  /** The same, as much of it as a receipt can tell. */
  History history(JournalReader journal) {
    History history = new History();
    journal.each(state.key(), history);
    eachLater(journal, history);
    return history;
  }
}
