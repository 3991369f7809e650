package org.mailjournal.receipt;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.ReceiptEvent;
import org.mailjournal.journal.ReceiptKind;
import org.mailjournal.journal.Recorder;
import org.mailjournal.journal.Source;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends receipts that are due, on threads of its own.
 *
 * <pre>
 * due ──▶ limit ──▶ first attempt? ──▶ write, sign ──▶ SMTP ──▶ taken    sent
 *           │              │ no             │            ├────▶ refused  abandoned
 *           ▼              ▼                ▼            └────▶ failed   later, and then
 *         later    does the journal       later                         recognition first
 *                  have it? sent
 * </pre>
 */
final class Dispatch implements Desk.Courier {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatch.class);

  /** As long as MTAs keep mail: RFC 5321 section 4.5.4.1. */
  static final Duration GIVE_UP = Duration.ofDays(5);

  /**
   * Who writes and signs needs a processor for some milliseconds, and the milter, for which an MTA
   * waits, needs one, too: so no more than half of them are written on at once.
   */
  private static final Semaphore DESKS =
      new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2), true);

  /**
   * Each is a message with all its events. While the server takes its time the desk waits with
   * more, so that they do not fill the memory.
   */
  static final int MOST_AT_HAND = 16;

  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  private static final Duration AFTER_TROUBLE = Duration.ofSeconds(30);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(30);
  private static final int MOST_DOUBLINGS = 9;

  private final Desk desk;
  private final Recorder journal;
  private final Writing writing;
  private final Submission submission;
  private final HandIn handIn;
  private final Recognition recognition;
  private final HourlyLimit limit;
  private final Executor threads;
  private final Watch watch;
  private final Semaphore places = new Semaphore(MOST_AT_HAND);

  /** What it works with. */
  record Tools(
      Recorder journal,
      Writing writing,
      Submission submission,
      HandIn handIn,
      Recognition recognition,
      HourlyLimit limit) {}

  Dispatch(Desk desk, Tools tools, Executor threads, Watch watch) {
    this.desk = desk;
    this.journal = tools.journal();
    this.writing = tools.writing();
    this.submission = tools.submission();
    this.handIn = tools.handIn();
    this.recognition = tools.recognition();
    this.limit = tools.limit();
    this.threads = threads;
    this.watch = watch;
  }

  /** The desk's thread alone takes places, so one that is free stays so for it. */
  @Override
  public boolean waits() {
    if (places.availablePermits() > 0) {
      return false;
    }
    try {
      places.acquire();
      places.release();
      return true;
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void send(Errand errand, ReceiptEvent.Due due, Story story, MessageState state) {
    try {
      places.acquire();
      threads.execute(
          () -> {
            try {
              attempt(errand, due, story, state);
            } finally {
              places.release();
            }
          });
    } catch (InterruptedException | RejectedExecutionException stopping) {
      // The journal has it; the next start sends it.
      desk.done(errand, Instant.MAX);
      if (stopping instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void attempt(Errand errand, ReceiptEvent.Due due, Story story, MessageState state) {
    try {
      Optional<ReceiptEvent> known = errand.result();
      if (known.isPresent()) {
        record(errand, known.get());
      } else if (errand.isFresh(due.receiptId())) {
        deliver(errand, due, story, state);
      } else {
        recognise(errand, due, story, state);
      }
    } catch (RuntimeException e) {
      say(due, String.valueOf(e.getMessage()));
      desk.done(errand, watch.now().plus(AFTER_TROUBLE));
    }
  }

  /** Once, and not for each receipt that meets the same trouble. */
  private void say(ReceiptEvent.Due due, String problem) {
    if (handIn.failed(problem)) {
      LOG.warn("receipts wait, {} first: {}", due.receiptId(), problem);
    }
  }

  private void recognise(Errand errand, ReceiptEvent.Due due, Story story, MessageState state) {
    Recognition.Answer answer = recognition.ask(due.receiptId());
    if (answer instanceof Recognition.Answer.Seen seen) {
      record(errand, sent(due, seen.how()));
    } else if (answer instanceof Recognition.Answer.Unclear) {
      desk.done(errand, watch.now().plus(FIRST_PAUSE));
    } else {
      deliver(errand, due, story, state);
    }
  }

  private void deliver(Errand errand, ReceiptEvent.Due due, Story story, MessageState state) {
    Address to = story.to().orElseThrow();
    // Not unseen: what waited while nobody was there to send it gets its chance.
    if (errand.isTried() && giveUp(due).isBefore(watch.lived())) {
      record(errand, abandoned(due, "it could not be sent within " + GIVE_UP.toDays() + " days"));
      return;
    }
    errand.tried();
    Optional<Instant> full = limit.take(to, due.receiptId(), watch.now());
    if (full.isPresent()) {
      holdBack(errand, due, to, full.get());
      return;
    }
    byte[] message;
    try {
      message = write(due, story, state, to);
    } catch (RuntimeException e) {
      limit.giveBack(to);
      throw e;
    }
    errand.attempted();
    Submission.Result result = submission.send(to, message);
    if (result instanceof Submission.Result.Taken taken) {
      handIn.worked();
      record(errand, sent(due, taken.reply()));
    } else if (result instanceof Submission.Result.Refused refused) {
      LOG.warn("receipts: {} for {} is refused: {}", due.receiptId(), to, refused.reply());
      var unused = handIn.failed(refused.reply());
      record(errand, abandoned(due, refused.reply()));
    } else if (result instanceof Submission.Result.Failed failed) {
      limit.giveBack(to);
      later(errand, due, failed.problem());
    }
  }

  private byte[] write(ReceiptEvent.Due due, Story story, MessageState state, Address to) {
    boolean isFinal = due.receipt() == ReceiptKind.FINAL;
    Notice.Kind kind = isFinal ? Notice.Kind.FINAL : Notice.Kind.INTERIM;
    DESKS.acquireUninterruptibly();
    try {
      return writing.write(kind, state, story.history(), to, due.receiptId());
    } finally {
      DESKS.release();
    }
  }

  /** Told once for each receipt: whoever asks for it finds out in the journal why it waits. */
  private void holdBack(Errand errand, ReceiptEvent.Due due, Address to, Instant until) {
    if (errand.isHeldBackFirst()) {
      String problem =
          "the %s receipt waits until %s: <%s> has had %d within the hour (receipts.limit)"
              .formatted(
                  due.receipt().word(), until.truncatedTo(ChronoUnit.SECONDS), to, limit.most());
      LOG.info("receipts: {}: {}", due.message().queueId(), problem);
      Event held =
          Event.Oddity.of(
              now(), Source.ADMIN, Optional.of(due.message()), "receipts", problem, new byte[0]);
      var unused = journal.record(List.of(held));
    }
    Instant end = giveUp(due).plusSeconds(1);
    desk.done(errand, end.isBefore(until) && end.isAfter(watch.now()) ? end : until);
  }

  private static Instant giveUp(ReceiptEvent.Due due) {
    return due.at().plus(GIVE_UP);
  }

  private void later(Errand errand, ReceiptEvent.Due due, String problem) {
    int doublings = Math.min(Math.max(errand.attempts() - 1, 0), MOST_DOUBLINGS);
    Duration pause = FIRST_PAUSE.multipliedBy(1L << doublings);
    Duration wait = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    say(due, problem);
    desk.done(errand, watch.now().plus(wait));
  }

  /** What is known stays known while the journal cannot take it: it is not sent again. */
  private void record(Errand errand, ReceiptEvent event) {
    errand.result(Optional.of(event));
    var unused =
        journal
            .recordSoon(List.of(event))
            .whenComplete(
                (count, failure) -> {
                  if (failure == null) {
                    errand.result(Optional.empty());
                    desk.done(errand, watch.now());
                  } else {
                    LOG.warn("receipts: {}", failure.getMessage());
                    desk.done(errand, watch.now().plus(FIRST_PAUSE));
                  }
                });
  }

  private ReceiptEvent.Sent sent(ReceiptEvent.Due due, String reply) {
    return new ReceiptEvent.Sent(
        now(), Source.ADMIN, due.message(), due.receipt(), due.receiptId(), reply);
  }

  private ReceiptEvent.Abandoned abandoned(ReceiptEvent.Due due, String reason) {
    return new ReceiptEvent.Abandoned(now(), Source.ADMIN, due.message(), due.receipt(), reason);
  }

  private Instant now() {
    return watch.now().truncatedTo(ChronoUnit.MILLIS);
  }
}
