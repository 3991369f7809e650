package org.mailjournal.journal;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A journal in memory, for tests of rooms that record and ask. */
public final class MemoryJournal implements Journal {
  private final List<RecordedEvent> events = new ArrayList<>();
  private Runnable reading = () -> {};
  private Runnable listed = () -> {};
  private Optional<MessageKey> damaged = Optional.empty();
  private Runnable committing = () -> {};
  private final Map<MessageKey, List<RecordedEvent>> byMessage = new LinkedHashMap<>();
  private final Set<String> identities = new HashSet<>();
  private final Map<MessageKey, Bytes> headers = new HashMap<>();
  private boolean hidesWhoWaits;
  private boolean refusing;
  private int refusals;
  private int late;
  private int commits;
  private List<Runnable> stalled;

  /** From now on nothing is committed, as on a full disk; or again it is. */
  public synchronized void refuse(boolean refuse) {
    refusing = refuse;
  }

  /** So many requests are refused from now on, and then no more. */
  public synchronized void refuseNext(int requests) {
    refusals = requests;
  }

  /** So many requests are committed too late for whoever waits: to him they are refused. */
  public synchronized void lateNext(int requests) {
    late = requests;
  }

  /** From now on nothing is committed before {@link #resume}, as on a disk that hangs. */
  public synchronized void stall() {
    stalled = new ArrayList<>();
  }

  /** What was handed over since is committed now. */
  public synchronized void resume() {
    List<Runnable> late = stalled;
    stalled = null;
    late.forEach(Runnable::run);
  }

  private boolean isRefusing() {
    return refusing || refusals-- > 0;
  }

  /** What happens while something is committed. */
  public synchronized void whileCommitting(Runnable happens) {
    committing = happens;
  }

  /** Whether it can be said who waits for a receipt. */
  public synchronized void hideWhoWaits(boolean hides) {
    hidesWhoWaits = hides;
  }

  /** How many times something was committed. */
  public synchronized int commits() {
    return commits;
  }

  /** Everything that was recorded, in order. */
  public synchronized List<Event> all() {
    return events.stream().map(RecordedEvent::event).toList();
  }

  @Override
  public synchronized CompletableFuture<Integer> record(List<Event> handed) {
    if (stalled != null) {
      CompletableFuture<Integer> later = new CompletableFuture<>();
      stalled.add(() -> later.complete(record(handed).join()));
      return later;
    }
    if (isRefusing()) {
      return CompletableFuture.failedFuture(
          JournalException.temporary("commit", "the disk is full", "make room", null));
    }
    commits++;
    committing.run();
    int news = 0;
    for (Event event : handed) {
      if (isNews(event)) {
        RecordedEvent recorded = new RecordedEvent(events.size() + 1L, event);
        events.add(recorded);
        event
            .about()
            .ifPresent(key -> byMessage.computeIfAbsent(key, k -> new ArrayList<>()).add(recorded));
        news++;
      }
    }
    return late-- > 0
        ? CompletableFuture.failedFuture(new TimeoutException())
        : CompletableFuture.completedFuture(news);
  }

  private boolean isNews(Event event) {
    if (event instanceof Event.Unreported unreported && isKnown(unreported)) {
      return false;
    }
    return event.identity().isEmpty()
        || identities.add(event.about().map(MessageKey::id).orElse("") + event.identity().get());
  }

  private boolean isKnown(Event.Unreported event) {
    return state(event.message())
        .flatMap(state -> state.recipient(event.recipient()))
        .filter(recipient -> recipient.status().isFinal())
        .isPresent();
  }

  /** The present state of a message. */
  public synchronized Optional<MessageState> state(MessageKey key) {
    return Reduction.of(events(key));
  }

  private List<MessageState> states() {
    return states(received -> true);
  }

  /** The states of the messages that were received so, newest first. */
  private List<MessageState> states(Predicate<Event.Received> wanted) {
    List<MessageState> states = new ArrayList<>();
    for (List<RecordedEvent> list : byMessage.values()) {
      if (list.get(0).event() instanceof Event.Received received && wanted.test(received)) {
        states.add(Reduction.of(list).orElseThrow());
      }
    }
    states.sort(Comparator.comparing((MessageState s) -> s.key().receivedAt()).reversed());
    return states;
  }

  /** From now on none of its events can be read where it is looked for. */
  public void damage(MessageKey message) {
    damaged = Optional.of(message);
  }

  @Override
  public synchronized List<MessageState> find(Query query) {
    return find(
        query,
        damage -> {
          throw JournalException.permanent("read", damage, "restore a backup", null);
        });
  }

  @Override
  public synchronized List<MessageState> find(Query query, Consumer<String> unreadable) {
    return states(r -> holds(query.messageId(), id -> isNamed(r, id))).stream()
        .filter(s -> holds(query.queueId(), id -> s.key().queueId().text().equals(id)))
        .filter(s -> holds(query.sender(), sender -> s.sender().equals(sender)))
        .filter(s -> isWhole(s.key(), unreadable))
        .limit(query.limit())
        .toList();
  }

  private boolean isWhole(MessageKey message, Consumer<String> unreadable) {
    boolean isDamaged = damaged.filter(message::equals).isPresent();
    if (isDamaged) {
      unreadable.accept(message.id());
    }
    return !isDamaged;
  }

  private static <T> boolean holds(Optional<T> wanted, Predicate<T> test) {
    return wanted.isEmpty() || test.test(wanted.get());
  }

  private static boolean isNamed(Event.Received received, String id) {
    return received.messageId().filter(m -> m.text().equals(id) || m.left().equals(id)).isPresent();
  }

  @Override
  public synchronized Optional<MessageState> message(String reference) {
    return states().stream()
        .filter(s -> s.key().id().equals(reference) || s.key().queueId().text().equals(reference))
        .findFirst();
  }

  @Override
  public synchronized Optional<MessageState> inQueue(QueueId queueId, Optional<Instant> arrival) {
    return states(r -> r.message().queueId().equals(queueId)).stream()
        .filter(s -> holds(arrival, t -> !s.key().receivedAt().isBefore(t)))
        .findFirst();
  }

  /** What happens while a message's events are read. */
  public void whileReading(Runnable happens) {
    reading = happens;
  }

  /** What happens behind a list of unfinished messages. */
  public void whenListed(Runnable happens) {
    listed = happens;
  }

  @Override
  public synchronized void each(MessageKey message, Consumer<RecordedEvent> visitor) {
    reading.run();
    byMessage.getOrDefault(message, List.of()).forEach(visitor);
  }

  @Override
  public synchronized List<MessageState> chain(MessageKey message) {
    return state(message).stream().toList();
  }

  @Override
  public synchronized List<RecordedEvent> eventsAfter(long sequence, int limit) {
    return events.stream().filter(e -> e.sequence() > sequence).limit(limit).toList();
  }

  @Override
  public synchronized void eachAfter(
      long sequence, Consumer<RecordedEvent> visitor, Consumer<String> unreadable) {
    events.stream().filter(e -> e.sequence() > sequence).forEach(visitor);
  }

  @Override
  public synchronized long sequenceBefore(Instant moment) {
    return events.stream().filter(e -> e.event().at().isBefore(moment)).count();
  }

  @Override
  public synchronized List<MessageState> unfinished(
      Instant receivedBefore, Optional<MessageKey> after, int limit, Consumer<String> unreadable) {
    List<MessageState> unfinished =
        states().stream()
            .sorted(Comparator.comparing((MessageState s) -> s.key().receivedAt()))
            .filter(s -> s.key().receivedAt().isBefore(receivedBefore) && !s.isFinished())
            .filter(s -> holds(after, a -> s.key().receivedAt().isAfter(a.receivedAt())))
            .limit(limit)
            .toList();
    listed.run();
    return unfinished;
  }

  @Override
  public synchronized CompletableFuture<Integer> record(List<Event> handed, KeptHeader header) {
    CompletableFuture<Integer> recorded = record(handed);
    if (!recorded.isCompletedExceptionally()) {
      headers.putIfAbsent(header.message(), header.section());
    }
    return recorded;
  }

  @Override
  public synchronized List<MessageKey> receiptsAwaited(
      Optional<MessageKey> after, int limit, Consumer<String> unreadable) {
    if (hidesWhoWaits) {
      throw JournalException.temporary("read", "the disk is away", "look at it", null);
    }
    return byMessage.keySet().stream()
        .filter(key -> holds(after, a -> key.receivedAt().isAfter(a.receivedAt())))
        .filter(this::awaitsReceipt)
        .limit(limit)
        .toList();
  }

  private boolean awaitsReceipt(MessageKey key) {
    List<Event> own =
        byMessage.getOrDefault(key, List.of()).stream().map(RecordedEvent::event).toList();
    return own.stream().anyMatch(ReceiptEvent.Wanted.class::isInstance)
        && own.stream().noneMatch(e -> e instanceof ReceiptEvent receipt && receipt.isLast());
  }

  @Override
  public synchronized Optional<Bytes> keptHeader(MessageKey message) {
    return awaitsReceipt(message) ? Optional.ofNullable(headers.get(message)) : Optional.empty();
  }

  @Override
  public synchronized Statistics statistics(Instant since) {
    return new Statistics(
        since,
        states().size(),
        Map.of(),
        0,
        Optional.of(new Statistics.Delay(Duration.ZERO, Duration.ZERO, Duration.ZERO)),
        List.of());
  }

  @Override
  public synchronized Coverage coverage() {
    return new Coverage(
        List.of(), all().stream().flatMap(event -> Unrecorded.of(event).stream()).toList());
  }

  @Override
  public void close() {}
}
