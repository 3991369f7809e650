package org.mailjournal.journal;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The journal's way in. Safe for use by many threads. */
public interface Recorder {
  /**
   * Records events in their order, all or none, and completes after they are on the disk (fsync).
   * Events that are no news ({@link Event#identity()}, or {@code unreported} for a recipient whose
   * fate is known) are left out, and that is success.
   *
   * <p>Never blocks. Completes on the journal's own thread: keep what follows short. Completes
   * exceptionally with a {@link JournalException}; what was not committed is not recorded. As long
   * as the events wait they can be cancelled, and are not recorded; when they are being written
   * {@code cancel} returns false.
   *
   * @return how many of them were news
   */
  CompletableFuture<Integer> record(List<Event> events);

  /**
   * As {@link #record(List)}, for what no mail system waits for: it may wait some 50 ms for the
   * commit of others, which then have one fsync less in front of them.
   */
  default CompletableFuture<Integer> recordSoon(List<Event> events) {
    return record(events);
  }

  /**
   * As {@link #record(List)}, and keeps a header section in the same commit, until an event of its
   * message is {@link ReceiptEvent#isLast}. What keeps none records the events all the same.
   */
  default CompletableFuture<Integer> record(List<Event> events, KeptHeader header) {
    return record(events);
  }
}
