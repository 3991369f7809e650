package org.mailjournal.egress;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.JournalException;
import org.mailjournal.journal.Recorder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands events to the journal and waits for the disk, so long and no longer. */
final class Commits {
  private static final Logger LOG = LoggerFactory.getLogger(Commits.class);

  private final Recorder recorder;
  private final Duration patience;

  Commits(Recorder recorder, Duration patience) {
    this.recorder = recorder;
    this.patience = patience;
  }

  /** What the journal did with events. */
  enum Result {
    /** They are on the disk. */
    DONE,
    /** They are not, as far as is known; another time they may be. */
    LATER,
    /** Waiting does not help: an event or its message cannot be read or stored. */
    NEVER;

    static Result of(Throwable failure) {
      return failure instanceof JournalException known
              && known.kind() == JournalException.Kind.PERMANENT
          ? NEVER
          : LATER;
    }
  }

  /**
   * Records events.
   *
   * @param strictly whether what is not committed in time must not be committed later either
   */
  Result of(List<Event> events, boolean strictly) {
    try {
      CompletableFuture<Integer> recorded = recorder.record(events);
      try {
        recorded.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException late) {
        // What is refused must be what is recorded: it is taken back, or its end waited for.
        if (recorded.cancel(false) || !strictly) {
          LOG.error("egress: the journal does not commit within {}", patience);
          return Result.LATER;
        }
        recorded.get();
      }
      return Result.DONE;
    } catch (ExecutionException failed) {
      LOG.error("egress: the journal does not commit", failed);
      return Result.of(failed.getCause());
    } catch (JournalException failed) {
      LOG.error("egress: the journal does not commit", failed);
      return Result.of(failed);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return Result.LATER;
    }
  }
}
