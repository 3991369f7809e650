package org.mailjournal.receipt;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.Journal;
import org.mailjournal.journal.JournalException;
import org.mailjournal.journal.KeptHeader;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.ReceiptEvent;
import org.mailjournal.journal.ReceiptKind;
import org.mailjournal.journal.Recorder;
import org.mailjournal.journal.Source;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The receipts of a running daemon: watches what is committed, and mails whoever waits for it. */
public final class Receipts implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Receipts.class);

  /** Receipts on their way at once: as many connections to the submission server. */
  private static final int SENDERS = 4;

  /** Some 20 MiB. */
  private static final int MOST_AT_HAND = 50_000;

  private static final Duration QUIET = Duration.ofMillis(400);
  private static final Duration STEP = Duration.ofSeconds(60);
  private static final int PAGE = 500;

  /** Two hours by default: several runs of sendmail's queue. */
  private static final int PATIENCES = 8;

  private static final long TURN_MILLIS = 1_000;

  private final Journal journal;
  private final Clock clock;
  private final SiteKey key;
  private final Writing writing;
  private final HandIn handIn = new HandIn();
  private final Desk desk;
  private final Thread thread = thread(this::run, "receipts");
  private final ExecutorService senders =
      Executors.newFixedThreadPool(SENDERS, work -> thread(work, "receipt-sender"));
  private volatile boolean closing;

  /** Nothing is sent before {@link #start}. */
  public Receipts(ReceiptSettings settings, Journal journal, Clock clock) {
    this.journal = journal;
    this.clock = clock;
    this.key = Workshop.key(settings, clock);
    Watch watch = Watch.begin(journal, clock, System::nanoTime);
    SecureRandom random = new SecureRandom();
    this.writing = Workshop.writing(settings, key, journal, clock);
    Dispatch.Tools tools =
        new Dispatch.Tools(
            journal,
            writing,
            Workshop.submission(settings, STEP),
            handIn,
            new Recognition(journal, lostAfter(settings), System::nanoTime),
            new HourlyLimit(settings.limit()));
    this.desk =
        new Desk(
            new Desk.Settings(
                settings.patience(),
                QUIET,
                settings.hearsMailboxes(),
                new Networks(settings.internalRelays()),
                MOST_AT_HAND),
            journal,
            watch,
            () -> token(random),
            d -> new Dispatch(d, tools, senders, watch));
  }

  private static Thread thread(Runnable work, String name) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    return thread;
  }

  private static Optional<Duration> lostAfter(ReceiptSettings settings) {
    return settings.hasQueueAudit()
        ? Optional.empty()
        : Optional.of(settings.patience().multipliedBy(PATIENCES));
  }

  /** A Message-ID that nobody can know before the receipt is sent. */
  private static String token(SecureRandom random) {
    byte[] bytes = new byte[12];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** The journal for whoever records news, so that the desk hears of them once they are kept. */
  public Recorder recorder() {
    return new Recorder() {
      @Override
      public CompletableFuture<Integer> record(List<Event> events) {
        return noticed(events, journal.record(events));
      }

      @Override
      public CompletableFuture<Integer> record(List<Event> events, KeptHeader header) {
        return noticed(events, journal.record(events, header));
      }
    };
  }

  /** Whether receipts can be signed, and the last one was taken: then more will be, likely. */
  public boolean areAtWork() {
    try {
      return handIn.works() && !desk.isBlind() && key.signer().expires().isAfter(clock.instant());
    } catch (RuntimeException unusable) {
      // The MTA's own reports do not wait for any of our mistakes.
      return false;
    }
  }

  /** The journal's own future: whoever waits for it can cancel it. */
  private CompletableFuture<Integer> noticed(
      List<Event> events, CompletableFuture<Integer> recorded) {
    var unused = recorded.thenAccept(count -> desk.noticed(events));
    return recorded;
  }

  /**
   * For a daemon that gives none any more: what waits from before is let go. What cannot be read or
   * recorded waits on, and holds up no start.
   */
  public static void abandonAll(Journal journal, Clock clock) {
    try {
      Optional<MessageKey> last = Optional.empty();
      List<MessageKey> page;
      do {
        page = journal.receiptsAwaited(last, PAGE, Receipts::notLetGo);
        page.stream().map(message -> abandon(journal, clock, message)).toList().stream()
            .forEach(CompletableFuture::join);
        last = page.isEmpty() ? last : Optional.of(page.get(page.size() - 1));
      } while (page.size() == PAGE);
    } catch (JournalException unreadable) {
      notLetGo(unreadable.getMessage());
    }
  }

  /** Each by itself: of a damaged message nothing more can be recorded. */
  private static CompletableFuture<Integer> abandon(
      Journal journal, Clock clock, MessageKey message) {
    Event abandoned =
        new ReceiptEvent.Abandoned(
            clock.instant().truncatedTo(ChronoUnit.MILLIS),
            Source.ADMIN,
            message,
            ReceiptKind.FINAL,
            "receipts are switched off");
    return journal
        .record(List.of(abandoned))
        .exceptionally(
            failure -> {
              notLetGo(message.id() + ": " + failure.getMessage());
              return 0;
            });
  }

  private static void notLetGo(String why) {
    LOG.warn("receipts: they are switched off, and one that waits is not let go: {}", why);
  }

  /** Takes up what waits from before, and from then on what comes. */
  public void start() {
    thread.start();
    senders.execute(() -> Rehearsal.hold(writing, clock.instant()));
  }

  private void run() {
    boolean isFirst = true;
    while (!closing) {
      try {
        if (isFirst) {
          // Once: where it fails the turns go on with it, behind what is due.
          isFirst = false;
          desk.load();
        }
        desk.turn();
        desk.agenda().await(clock.instant(), TURN_MILLIS);
      } catch (InterruptedException stopped) {
        return;
      } catch (RuntimeException e) {
        LOG.warn("receipts: {}", e.getMessage());
        pause();
      }
    }
  }

  private void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(TURN_MILLIS);
    } catch (InterruptedException stopped) {
      closing = true;
    }
  }

  /** Begins nothing more, and lets what is on its way end, for a moment. */
  @Override
  public void close() {
    closing = true;
    thread.interrupt();
    senders.shutdown();
    try {
      if (!senders.awaitTermination(3, TimeUnit.SECONDS)) {
        LOG.warn(
            "stopping: some receipts are on their way; whether they came in is seen next time");
        senders.shutdownNow();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
