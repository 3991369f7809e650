package org.mailjournal.store;

import java.sql.SQLException;
import java.util.List;
import org.mailjournal.journal.Event;

/** Derives anew from stored events, one after the other in their order. */
final class Replay {
  private static final int AT_HAND = 60_000;

  /** As in {@link Appender}. */
  private static final int LARGE_AT_HAND = 180_000;

  private final Loader loader;
  private final Derived derived;
  private final Recent<Long, Fates> recent =
      new Recent<>(fates -> 2 + fates.size(), AT_HAND, LARGE_AT_HAND);

  Replay(Loader loader, Derived derived) throws SQLException {
    this.loader = loader;
    this.derived = derived;
    loader.lookForPurges();
  }

  void apply(Loader.Stored stored) throws SQLException {
    Event event = loader.decode(stored);
    if (stored.message().isEmpty()) {
      derived.apply(stored.sequence(), event);
      return;
    }
    long message = stored.message().getAsLong();
    if (message == loader.going()) {
      // A part of it, which nothing is to lead to.
      derived.apply(stored.sequence(), event);
      return;
    }
    Fates fates = recent.get(message);
    boolean isFirst = false;
    if (fates == null) {
      fates = before(message, stored.sequence());
      isFirst = loader.isFirst(stored);
    }
    derived.apply(stored.sequence(), message, event, isFirst, fates);
    recent.put(message, fates);
  }

  private Fates before(long message, long sequence) throws SQLException {
    Fates fates = new Fates();
    long last = 0;
    List<Loader.Stored> page;
    do {
      page = loader.of(message, last);
      for (Loader.Stored earlier : page) {
        last = earlier.sequence();
        if (last < sequence) {
          apply(earlier, fates);
        }
      }
    } while (last < sequence && !page.isEmpty());
    return fates;
  }

  private void apply(Loader.Stored earlier, Fates fates) throws SQLException {
    try {
      fates.apply(loader.decode(earlier));
    } catch (MalformedBody e) {
      // It was reported in its turn; what came later is not damaged by it.
    }
  }
}
