package org.mailjournal.receipt;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.mailjournal.journal.RecordedEvent;

/**
 * What was recorded of a message, as far as a receipt can tell it: an MTA that puts off a thousand
 * recipients for days leaves more than memory has room for.
 */
final class History implements Consumer<RecordedEvent> {
  /** Never fewer, so that the evidence of most messages has all there is. */
  private static final int ROOM = 2 * Excerpt.MOST_EVENTS;

  private final List<RecordedEvent> events = new ArrayList<>();
  private int room = ROOM;
  private int leftOut;

  /** Takes in an event; those of one message in their order. */
  @Override
  public void accept(RecordedEvent recorded) {
    events.add(recorded);
    if (events.size() > room) {
      thin();
    }
  }

  /** Doubled where little can be left out, so that it is not looked through for each event. */
  private void thin() {
    List<RecordedEvent> telling = Excerpt.withoutDelaysBetween(events());
    leftOut += events.size() - telling.size();
    events.clear();
    events.addAll(telling);
    room = Math.max(ROOM, 2 * telling.size());
  }

  /** Those that are left, in order. */
  List<RecordedEvent> events() {
    events.sort(Comparator.comparingLong(RecordedEvent::sequence));
    return List.copyOf(events);
  }

  /** How many are not: what was put off between a recipient's first time and his last. */
  int leftOut() {
    return leftOut;
  }
}
