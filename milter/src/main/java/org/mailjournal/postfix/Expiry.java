package org.mailjournal.postfix;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.QueueId;
import org.mailjournal.journal.Recorder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The failures of a message that is too old, recorded when Postfix has sent its bounce. Until then
 * none is: should the bounce fail, qmgr tries the recipients once more. They may be very many, so
 * they are not kept but read from the defer file once more, which is open from before the bounce,
 * for Postfix removes it.
 *
 * <p>qmgr waits for the answer, and gives up after 1000 s (ABOUNCE_TIMEOUT of abounce.c): then it
 * would deliver to whom it has bounced. So the journal has little time here, whatever its disk
 * does.
 */
final class Expiry implements Verdict.Epilogue {
  private static final Logger LOG = LoggerFactory.getLogger(Expiry.class);

  /** For each part of the failures. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /** For all of them, where the journal takes each part late. */
  private static final Duration LONGEST = Duration.ofSeconds(60);

  private static final Duration PAUSE = Duration.ofMillis(200);

  /** What is in memory at once. */
  private static final int PART = 10_000;

  private final Recorder recorder;
  private final QueueId queueId;
  private final Optional<HeldLog> delays;
  private final Function<LogRecord, Event.Outcome> failure;
  private final List<Event.Outcome> untold;

  private Expiry(
      Recorder recorder,
      QueueId queueId,
      Optional<HeldLog> delays,
      Function<LogRecord, Event.Outcome> failure,
      List<Event.Outcome> untold) {
    this.recorder = recorder;
    this.queueId = queueId;
    this.delays = delays;
    this.failure = failure;
    this.untold = untold;
  }

  /**
   * Of a message.
   *
   * @param mta its mail system
   * @param defer its defer file, as it was read
   * @param delay what was recorded of a record of it
   * @param untold the failures of those who have no record there
   */
  static Expiry of(
      Recorder recorder,
      Request request,
      String mta,
      LogFile defer,
      Function<LogRecord, Event.Outcome> delay,
      List<Event.Outcome> untold)
      throws IOException {
    return new Expiry(
        recorder,
        request.queueId(),
        defer.held(),
        record -> Outcomes.expired(delay.apply(record), request.returns(record, mta)),
        untold);
  }

  /**
   * The bounce is out. What was handed over when the time is up is committed when the disk lets it;
   * what cannot be recorded at all is left to the queue audit, which finds the message gone.
   */
  @Override
  public void conclude() {
    long last = System.nanoTime() + LONGEST.toNanos();
    List<Event.Outcome> part = new ArrayList<>();
    try {
      if (delays.isPresent()) {
        delays.get().each(record -> add(failure.apply(record), part, last));
      }
      untold.forEach(outcome -> add(outcome, part, last));
      commit(part, last);
    } catch (Refused | Batch.NotRecorded | IOException e) {
      LOG.error("{}: bounced as expired, and {}", queueId, e.getMessage());
    }
  }

  private void add(Event.Outcome outcome, List<Event.Outcome> part, long last) {
    part.add(outcome);
    if (part.size() == PART) {
      commit(part, last);
    }
  }

  private void commit(List<Event.Outcome> part, long last) {
    long end = Math.min(last - System.nanoTime(), PATIENCE.toNanos()) + System.nanoTime();
    List<? extends Event> left = List.copyOf(part);
    part.clear();
    do {
      left = Batch.commit(recorder, left, Duration.ofNanos(end - System.nanoTime()));
    } while (!left.isEmpty() && rest(end));
    if (!left.isEmpty()) {
      throw new Refused(left.size());
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

  @Override
  public void close() throws IOException {
    if (delays.isPresent()) {
      delays.get().close();
    }
  }

  /** The journal takes none of them, so that there is no use in asking it for more. */
  private static final class Refused extends RuntimeException {
    Refused(int events) {
      super("the journal refused " + events + " events; those behind them were not tried");
    }
  }
}
