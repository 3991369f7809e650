package org.mailjournal.postfix;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.QueueId;
import org.mailjournal.journal.Recorder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The failures of a message that is too old, kept until Postfix has sent its bounce.
 *
 * <p>qmgr waits for the answer, and gives up after 1000 s (ABOUNCE_TIMEOUT of abounce.c): then it
 * would deliver to whom it has bounced. So the journal has little time here, whatever its disk
 * does.
 */
final class Expiry {
  private static final Logger LOG = LoggerFactory.getLogger(Expiry.class);
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration PAUSE = Duration.ofMillis(200);

  /** More failures than this are not kept in memory while Postfix sends its bounce. */
  private static final int MOST = 10_000;

  private final Recorder recorder;
  private final QueueId queueId;
  private final List<Event.Outcome> failures = new ArrayList<>();

  Expiry(Recorder recorder, QueueId queueId) {
    this.recorder = recorder;
    this.queueId = queueId;
  }

  /** Keeps a failure; false when there are too many. */
  boolean add(Event.Outcome failure) {
    return failures.size() < MOST && failures.add(failure);
  }

  /**
   * The bounce is out. What was handed over when the time is up is committed when the disk lets it;
   * what cannot be recorded at all is left to the queue audit, which finds the message gone.
   */
  void conclude() {
    long end = System.nanoTime() + PATIENCE.toNanos();
    try {
      List<? extends Event> left = failures;
      do {
        left = Batch.commit(recorder, left, Duration.ofNanos(end - System.nanoTime()));
      } while (!left.isEmpty() && rest(end));
      if (!left.isEmpty()) {
        LOG.error(
            "{}: bounced as expired, and the journal refused {} events", queueId, left.size());
      }
    } catch (Batch.NotRecorded e) {
      LOG.error("{}: bounced as expired, and {}", queueId, e.getMessage());
    }
  }

  /** False when there is no time left for another try. */
  private static boolean rest(long end) {
    if (end - System.nanoTime() <= PAUSE.toNanos()) {
      return false;
    }
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
      return true;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
