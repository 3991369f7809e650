package org.mailjournal;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.mailjournal.journal.JournalException;
import org.mailjournal.store.SqliteJournal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets go of messages that the administrator no longer wants kept, once an hour. */
final class Retention implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

  private final SqliteJournal journal;
  private final Clock clock;
  private final Duration keep;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread worker = new Thread(work, "retention");
            worker.setDaemon(true);
            return worker;
          });
  private Optional<ScheduledFuture<?>> purges = Optional.empty();

  Retention(SqliteJournal journal, Clock clock, Duration keep) {
    this.journal = journal;
    this.clock = clock;
    this.keep = keep;
  }

  void start() {
    // Not at once: a start has mail waiting for it.
    purges = Optional.of(thread.scheduleWithFixedDelay(this::purge, 1, 60, TimeUnit.MINUTES));
  }

  private void purge() {
    try {
      long purged = journal.purge(clock.instant().minus(keep));
      LOG.info("retention: {} messages older than {} days are gone", purged, keep.toDays());
    } catch (JournalException e) {
      LOG.warn("retention: {}", e.getMessage());
    }
  }

  @Override
  public void close() {
    purges.ifPresent(purge -> purge.cancel(false));
    thread.shutdown();
  }
}
