package org.mailjournal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.mailjournal.journal.JournalException;
import org.mailjournal.journal.LivedTime;
import org.mailjournal.store.SqliteJournal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets go of messages that the administrator no longer wants kept, once an hour, unless only a
 * clock that was set ahead says that they are old.
 */
final class Retention implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

  private static final Duration DAY = Duration.ofDays(1);

  private final SqliteJournal journal;
  private final Clock clock;
  private final Duration keep;
  private final LivedTime lived;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread worker = new Thread(work, "retention");
            worker.setDaemon(true);
            return worker;
          });
  private Optional<ScheduledFuture<?>> purges = Optional.empty();
  private boolean isHeldBack;

  /**
   * What begins to let go when it is started.
   *
   * @param nanos which nobody can set: {@link System#nanoTime}
   */
  Retention(SqliteJournal journal, Clock clock, LongSupplier nanos, Duration keep) {
    this.journal = journal;
    this.clock = clock;
    this.keep = keep;
    this.lived = new LivedTime(nanos, this::proven);
  }

  void start() {
    // Not at once: a start has mail waiting for it.
    purges = Optional.of(thread.scheduleWithFixedDelay(this::purge, 1, 60, TimeUnit.MINUTES));
  }

  /** What was begun goes on, though nothing is to be let go of any more. */
  static void finish(SqliteJournal journal) {
    Thread worker =
        new Thread(
            () -> {
              try {
                if (journal.finishPurge() > 0) {
                  LOG.info("retention: a message that was half taken out is gone");
                }
              } catch (JournalException e) {
                LOG.warn("retention: {}", e.getMessage());
              }
            },
            "retention");
    worker.setDaemon(true);
    worker.start();
  }

  void purge() {
    try {
      Instant now = clock.instant();
      if (!lived.isBelieved(now)) {
        holdBack(now);
        return;
      }
      isHeldBack = false;
      long purged = journal.purge(now.minus(keep));
      LOG.info("retention: {} messages older than {} days are gone", purged, keep.toDays());
    } catch (JournalException e) {
      LOG.warn("retention: {}", e.getMessage());
    } catch (RuntimeException e) {
      // What a scheduled task throws ends it for good, and tells nobody.
      LOG.error("retention: stopped for this hour", e);
    }
  }

  private void holdBack(Instant now) {
    if (!isHeldBack) {
      LOG.warn(
          "retention: nothing goes for now: the clock says {}, which is ahead of what this daemon or"
              + " the journal has seen pass; it is believed after a day",
          now);
    }
    isHeldBack = true;
  }

  /** And then as long again as nobody misses: a quarter of what is kept. */
  private Instant proven(Instant now) {
    Instant seen = LivedTime.proven(journal, now);
    Duration quarter = keep.dividedBy(4);
    return seen.plus(quarter.compareTo(DAY) > 0 ? quarter : DAY);
  }

  @Override
  public void close() {
    purges.ifPresent(purge -> purge.cancel(false));
    thread.shutdown();
  }
}
