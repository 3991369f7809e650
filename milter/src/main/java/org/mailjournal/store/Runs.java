package org.mailjournal.store;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mailjournal.journal.Coverage;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.Unrecorded;

/**
 * When the daemon listened, by its starts and stops. Of one that is damaged only the place is
 * known: what was covered by it shows as a gap, for no more may be claimed.
 */
final class Runs {
  private static final int PAGE = 200;

  /** In bytes: what the body of an {@link Unrecorded} never reaches. */
  private static final int LONGEST_STATED = 1000;

  private final Readers.Session session;
  private final Loader loader;
  private final List<Coverage.Span> spans = new ArrayList<>();
  private Optional<Instant> from = Optional.empty();

  Runs(Readers.Session session) {
    this.session = session;
    this.loader = session.loader();
  }

  /**
   * What they say.
   *
   * @param isWrittenTo whether a daemon has the journal now
   */
  Coverage coverage(boolean isWrittenTo) throws SQLException {
    for (long sequence : session.sql().numbers("SELECT sequence FROM run ORDER BY sequence")) {
      try {
        add(sequence, loader.decode(loader.stored(sequence).orElseThrow()));
      } catch (MalformedBody damaged) {
        endAt(lastMoment(sequence));
      }
    }
    if (isWrittenTo) {
      from.ifPresent(start -> spans.add(new Coverage.Span(start, Optional.empty(), false)));
    } else {
      endAt(lastMoment(Long.MAX_VALUE));
    }
    return new Coverage(spans, unrecorded());
  }

  private void add(long sequence, Event event) throws SQLException {
    if (event instanceof Event.Stopped stopped) {
      from.ifPresent(start -> spans.add(new Coverage.Span(start, Optional.of(stopped.at()), true)));
      from = Optional.empty();
    } else {
      endAt(lastMoment(sequence));
      from = Optional.of(event.at());
    }
  }

  /** A run that nobody told the end of. */
  private void endAt(Optional<Instant> last) {
    from.ifPresent(start -> spans.add(new Coverage.Span(start, last.or(() -> from), false)));
    from = Optional.empty();
  }

  /** Of the newest event before that one. */
  private Optional<Instant> lastMoment(long sequence) throws SQLException {
    if (from.isEmpty()) {
      return from;
    }
    List<Loader.Stored> before = loader.before(sequence, 1);
    while (!before.isEmpty()) {
      try {
        return Optional.of(loader.at(before.get(0)));
      } catch (MalformedBody damaged) {
        before = loader.before(before.get(0).sequence(), 1);
      }
    }
    return Optional.empty();
  }

  private List<Unrecorded> unrecorded() throws SQLException {
    List<Unrecorded> unrecorded = new ArrayList<>();
    List<Loader.Stored> page;
    long last = 0;
    do {
      page = loader.oddities(last, LONGEST_STATED, PAGE);
      for (Loader.Stored stored : page) {
        last = stored.sequence();
        try {
          Unrecorded.of(loader.decode(stored)).ifPresent(unrecorded::add);
        } catch (MalformedBody damaged) {
          // 'journal verify' tells of it, and this answer has others to give.
        }
      }
    } while (page.size() == PAGE);
    return unrecorded;
  }
}
