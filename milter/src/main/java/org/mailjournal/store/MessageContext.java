package org.mailjournal.store;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageKey;

/**
 * What a message's first event says that the later ones need not repeat: the key, and the accepted
 * addresses, to which they point by place.
 */
final class MessageContext {
  private final long first;
  private final MessageKey key;
  private final List<Event.Accepted> accepted;
  private Map<String, Integer> places;

  private MessageContext(long first, MessageKey key, List<Event.Accepted> accepted) {
    this.first = first;
    this.key = key;
    this.accepted = accepted;
  }

  static MessageContext of(long sequence, Event first) {
    List<Event.Accepted> accepted =
        first instanceof Event.Received received ? received.accepted() : List.of();
    return new MessageContext(sequence, first.about().orElseThrow(), accepted);
  }

  /** The sequence number of the first event. */
  long first() {
    return first;
  }

  MessageKey key() {
    return key;
  }

  int recipients() {
    return accepted.size();
  }

  /** The place of exactly this text among the accepted addresses; -1 when it has none. */
  int place(Address address) {
    if (places == null) {
      places = new HashMap<>();
      for (int i = 0; i < accepted.size(); i++) {
        places.putIfAbsent(accepted.get(i).address().text(), i);
      }
    }
    return places.getOrDefault(address.text(), -1);
  }

  Address address(int place) {
    if (place < 0 || place >= accepted.size()) {
      throw new MalformedBody("accepted address " + place + " of " + accepted.size());
    }
    return accepted.get(place).address();
  }
}
