package org.mailjournal.receipt;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.Journal;
import org.mailjournal.journal.JournalException;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.ReceiptEvent;
import org.mailjournal.journal.ReceiptKind;
import org.mailjournal.journal.Reduction;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides when which receipt is due. It learns of news as they are committed, commits the intention
 * and hands it to the {@link Courier}. All that it knows it can read again from the journal.
 */
final class Desk {
  private static final Logger LOG = LoggerFactory.getLogger(Desk.class);

  private static final int PAGE = 500;

  private static final Duration AFTER_TROUBLE = Duration.ofSeconds(5);

  /** A message that cannot be read is not there again in seconds. */
  private static final Duration AFTER_DAMAGE = Duration.ofHours(1);

  private static final int SPARING = 10;

  private final Settings settings;
  private final Journal journal;
  private final Watch watch;
  private final Supplier<String> tokens;
  private final Courier courier;
  private final Agenda agenda = new Agenda();
  private final Map<MessageKey, Errand> errands = new ConcurrentHashMap<>();
  private final Map<MessageKey, MessageKey> firstHops = new ConcurrentHashMap<>();
  private final AtomicBoolean more = new AtomicBoolean();
  private volatile boolean blind;

  /**
   * Two periods, a place, and a number.
   *
   * @param patience after which an interim receipt is due
   * @param quiet for how long there was no news of a message that is finished
   * @param hearsMailboxes whether what the milter took for untold may be told, within the patience
   * @param here from where mail comes back to this MTA
   * @param mostAtHand how many messages at a time; of the others only news is looked at, until
   *     there is room
   */
  record Settings(
      Duration patience, Duration quiet, boolean hearsMailboxes, Networks here, int mostAtHand) {}

  /** Sends what is due, elsewhere and later; calls {@link #done} at its end. */
  interface Courier {
    void send(Errand errand, ReceiptEvent.Due due, Story story, MessageState state);

    /** Until one more can be sent; whether there was anything to wait for. */
    default boolean waits() {
      return false;
    }
  }

  Desk(
      Settings settings,
      Journal journal,
      Watch watch,
      Supplier<String> tokens,
      Function<Desk, Courier> courier) {
    this.settings = settings;
    this.journal = journal;
    this.watch = watch;
    this.tokens = tokens;
    this.courier = courier.apply(this);
  }

  Agenda agenda() {
    return agenda;
  }

  /** Takes up what the journal has from before. */
  void load() {
    more.set(false);
    try {
      Optional<MessageKey> last = Optional.empty();
      List<MessageKey> page;
      do {
        page = journal.receiptsAwaited(last, PAGE, Desk::leftOut);
        page.forEach(message -> take(message, watch.now()));
        last = page.isEmpty() ? last : Optional.of(page.get(page.size() - 1));
      } while (page.size() == PAGE && !more.get());
      blind = false;
    } catch (JournalException unreadable) {
      // There are others, perhaps: the next turn looks again.
      more.set(true);
      blind = true;
      throw unreadable;
    }
  }

  /** Whether who waits could not be read when it was tried last. */
  boolean isBlind() {
    return blind;
  }

  private static void leftOut(String damage) {
    LOG.warn("receipts: a message that waits for one is left out: {}", damage);
  }

  private void take(MessageKey message, Instant look) {
    if (errands.size() < settings.mostAtHand() || errands.containsKey(message)) {
      errands.computeIfAbsent(message, any -> new Errand(message, watch.now()));
      agenda.put(message, look);
    } else {
      more.set(true);
    }
  }

  /** What there is news of comes before what would wait longest for any. */
  private void takeWithNews(MessageKey message, Instant look) {
    if (errands.size() >= settings.mostAtHand() && !errands.containsKey(message)) {
      more.set(true);
      agenda.last().map(errands::get).filter(Errand::begin).ifPresent(this::forget);
    }
    take(message, look);
  }

  /** Events that were committed. Short: the journal's own thread may be here. */
  void noticed(List<Event> events) {
    for (Event event : events) {
      event.about().ifPresent(message -> noticed(event, message));
    }
  }

  private void noticed(Event event, MessageKey message) {
    Instant quiet = watch.now().plus(settings.quiet());
    if (event instanceof ReceiptEvent.Wanted) {
      takeWithNews(message, quiet);
    } else if (!(event instanceof ReceiptEvent)) {
      MessageKey first = firstHops.getOrDefault(message, message);
      Errand errand = errands.get(first);
      if (errand != null) {
        agenda.put(first, quiet.isAfter(errand.notBefore()) ? quiet : errand.notBefore());
      } else if (more.get() && !(event instanceof Event.Received)) {
        // One of those that are not at hand, perhaps; who wants no receipt is forgotten at once.
        takeWithNews(first, quiet);
      }
    }
  }

  /** Looks at everything that is due now. */
  void turn() {
    watch.lived();
    Duration back = watch.setBack();
    if (!back.isZero()) {
      LOG.info("receipts: the clock was set back by {} s", back.toSeconds());
      agenda.advance(back);
      errands.values().forEach(errand -> errand.advance(back));
    }
    for (MessageKey message : agenda.take(watch.now())) {
      Errand errand = errands.get(message);
      if (errand != null && errand.begin()) {
        consider(errand);
      }
    }
    if (more.get() && errands.size() <= settings.mostAtHand() / 2) {
      load();
    }
  }

  private void consider(Errand errand) {
    long began = watch.nanos();
    try {
      Story story = new Story();
      Reduction reduction = new Reduction();
      journal.each(
          errand.message(),
          recorded -> {
            reduction.apply(recorded.event());
            story.add(recorded);
          });
      Optional<MessageState> state = state(errand, story, reduction.state());
      // Not by the clock, which may be set forward meanwhile, by days.
      Duration spent = Duration.ofNanos(watch.nanos() - began);
      errand.notBefore(watch.now().plus(spent.multipliedBy(SPARING)));
      if (state.isPresent()) {
        step(errand, story, state.get());
      }
    } catch (JournalException e) {
      LOG.warn("receipts: {}: {}", errand.message().id(), e.getMessage());
      boolean lasts = e.kind() == JournalException.Kind.PERMANENT;
      done(errand, watch.now().plus(lasts ? AFTER_DAMAGE : AFTER_TROUBLE));
    } catch (RuntimeException e) {
      LOG.error("receipts: {} cannot be looked at", errand.message().id(), e);
      done(errand, watch.now().plus(AFTER_TROUBLE));
    }
  }

  /** Its state, hops through this MTA followed; empty when nothing is left to be done. */
  private Optional<MessageState> state(Errand errand, Story story, Optional<MessageState> state) {
    if (story.isOver() || state.isEmpty()) {
      forget(errand);
      return Optional.empty();
    }
    if (!state.get().trail().isEmpty()) {
      Optional<MessageKey> before = Hops.before(errand.message(), journal.chain(errand.message()));
      if (before.isPresent()) {
        String why = "the message came in before as " + before.get().id();
        commit(errand, List.of(abandoned(errand, ReceiptKind.FINAL, why)));
        return Optional.empty();
      }
    }
    return Optional.of(followed(errand, story, state.get()));
  }

  private MessageState followed(Errand errand, Story story, MessageState first) {
    Course course = Course.of(journal, first, settings.here());
    while (register(errand, course.hops())) {
      // What came of a hop before it was registered did not wake the errand.
      course = Course.of(journal, first, settings.here());
    }
    course.eachLater(journal, story::addLater);
    errand.followed(course.hops());
    return course.state();
  }

  /** Whether one of them was not known. */
  private boolean register(Errand errand, Set<MessageKey> hops) {
    boolean isNew = false;
    for (MessageKey hop : hops) {
      isNew |= firstHops.put(hop, errand.message()) == null;
    }
    return isNew;
  }

  private void step(Errand errand, Story story, MessageState state) {
    Instant now = watch.now();
    Instant patienceEnds = errand.since().plus(settings.patience());
    boolean finished = state.isFinished() && !(mayBeTold(state) && patienceEnds.isAfter(now));
    Story.Next next = story.next(finished, now, watch.lived(), patienceEnds, settings.quiet());
    if (next instanceof Story.Next.Send && courier.waits()) {
      // What was known of it is old by now.
      consider(errand);
    } else if (next instanceof Story.Next.Send send) {
      courier.send(errand, send.due(), story, state);
    } else if (next instanceof Story.Next.Begin begin) {
      begin(errand, story, begin.kind());
    } else if (next instanceof Story.Next.Wait wait) {
      done(errand, wait.until());
    } else {
      forget(errand);
    }
  }

  private boolean mayBeTold(MessageState state) {
    return settings.hearsMailboxes()
        && state.recipients().stream()
            .anyMatch(r -> r.status() == Status.UNREPORTED && r.source() == Source.MILTER);
  }

  private void begin(Errand errand, Story story, ReceiptKind kind) {
    List<Event> events = new ArrayList<>();
    if (kind == ReceiptKind.FINAL && story.open(ReceiptKind.INTERIM).isPresent()) {
      events.add(
          abandoned(
              errand,
              ReceiptKind.INTERIM,
              "the final one overtook it, and it is not known to have been sent"));
    }
    String id = "receipt." + errand.message().id() + "." + tokens.get();
    events.add(new ReceiptEvent.Due(now(), Source.ADMIN, errand.message(), kind, id));
    errand.begun(id);
    commit(errand, events);
  }

  private ReceiptEvent.Abandoned abandoned(Errand errand, ReceiptKind kind, String why) {
    return new ReceiptEvent.Abandoned(now(), Source.ADMIN, errand.message(), kind, why);
  }

  private void commit(Errand errand, List<Event> events) {
    var unused =
        journal
            .recordSoon(events)
            .whenComplete(
                (count, failure) -> {
                  if (failure == null) {
                    done(errand, watch.now());
                  } else {
                    LOG.warn("receipts: {}", failure.getMessage());
                    done(errand, watch.now().plus(AFTER_TROUBLE));
                  }
                });
  }

  /** Gives an errand back, to be looked at again at a moment. */
  void done(Errand errand, Instant lookAgain) {
    boolean again = errand.end();
    agenda.put(errand.message(), again ? watch.now() : lookAgain);
  }

  private void forget(Errand errand) {
    errands.remove(errand.message());
    agenda.remove(errand.message());
    errand.followed().forEach(firstHops::remove);
  }

  private Instant now() {
    return watch.now().truncatedTo(ChronoUnit.MILLIS);
  }
}
