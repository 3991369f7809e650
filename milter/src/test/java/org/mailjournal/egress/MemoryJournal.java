package org.mailjournal.egress;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Bytes;
import org.mailjournal.journal.Coverage;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.Journal;
import org.mailjournal.journal.JournalException;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.Query;
import org.mailjournal.journal.QueueId;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.RecordedEvent;
import org.mailjournal.journal.Reduction;
import org.mailjournal.journal.Statistics;

/** A journal for as long as a test lasts. */
final class MemoryJournal implements Journal {
  private final List<RecordedEvent> recorded = new ArrayList<>();
  private final Set<String> identities = new HashSet<>();
  private boolean down;
  private boolean late;
  private boolean hanging;
  private boolean unreadable;
  private boolean broken;
  private Duration disk = Duration.ZERO;
  private final Set<String> damaged = new HashSet<>();
  private int refusals;
  private int requests;
  private final List<CompletableFuture<Integer>> asked = new ArrayList<>();
  private final List<List<Event>> unanswered = new ArrayList<>();

  synchronized void down(boolean isDown) {
    down = isDown;
  }

  /** Whether what is committed is not told in time. */
  synchronized void late(boolean isLate) {
    late = isLate;
  }

  /** Whether the disk does not answer. */
  synchronized void hanging(boolean isHanging) {
    hanging = isHanging;
  }

  /** What each commit takes. */
  synchronized void slow(Duration time) {
    disk = time;
  }

  /** Whether it can be written only. */
  synchronized void unreadable(boolean isUnreadable) {
    unreadable = isUnreadable;
  }

  /** Whether it fails as nothing should. */
  synchronized void broken(boolean isBroken) {
    broken = isBroken;
  }

  /** No event of its message can be read or stored. */
  synchronized void damaged(String queueId, boolean isDamaged) {
    if (isDamaged) {
      damaged.add(queueId);
    } else {
      damaged.remove(queueId);
    }
  }

  /** How often something was asked of a damaged message. */
  synchronized int refusals() {
    return refusals;
  }

  /** How often somebody wanted something recorded. */
  synchronized int requests() {
    return requests;
  }

  private Optional<JournalException> refusal(String queueId) {
    if (!damaged.contains(queueId)) {
      return Optional.empty();
    }
    refusals++;
    return Optional.of(JournalException.permanent("read", "it is damaged", "mend it", null));
  }

  /** The disk answers again, also to what it was asked meanwhile. */
  synchronized void goOn() {
    hanging = false;
    for (int i = 0; i < unanswered.size(); i++) {
      asked.get(i).complete(record(unanswered.get(i)).join());
    }
  }

  /** What waits for the disk. */
  synchronized List<CompletableFuture<Integer>> asked() {
    return List.copyOf(asked);
  }

  synchronized <T extends Event> List<T> events(Class<T> kind) {
    return recorded.stream()
        .map(RecordedEvent::event)
        .filter(kind::isInstance)
        .map(kind::cast)
        .toList();
  }

  @Override
  public synchronized CompletableFuture<Integer> record(List<Event> events) {
    requests++;
    if (down) {
      return CompletableFuture.failedFuture(trouble());
    }
    Optional<JournalException> refusal =
        events.stream()
            .flatMap(event -> event.about().stream())
            .map(key -> key.queueId().text())
            .filter(damaged::contains)
            .findFirst()
            .flatMap(this::refusal);
    if (refusal.isPresent()) {
      return CompletableFuture.failedFuture(refusal.get());
    }
    if (hanging) {
      asked.add(new CompletableFuture<>());
      unanswered.add(events);
      return asked.get(asked.size() - 1);
    }
    int news = 0;
    for (Event event : events) {
      boolean isNew =
          event.identity().isEmpty()
              || identities.add(event.about().toString() + "\0" + event.identity().get());
      if (isNew) {
        recorded.add(new RecordedEvent(recorded.size() + 1L, event));
        news++;
      }
    }
    return late
        ? CompletableFuture.failedFuture(trouble())
        : new CompletableFuture<Integer>()
            .completeOnTimeout(news, disk.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static JournalException trouble() {
    return JournalException.temporary("commit", "the disk is full", "make room", null);
  }

  private synchronized List<MessageState> states() {
    if (down || unreadable) {
      throw trouble();
    }
    if (broken) {
      throw new IllegalStateException("broken");
    }
    Map<MessageKey, List<RecordedEvent>> byMessage = new LinkedHashMap<>();
    for (RecordedEvent event : recorded) {
      event
          .event()
          .about()
          .ifPresent(key -> byMessage.computeIfAbsent(key, k -> new ArrayList<>()).add(event));
    }
    List<MessageState> newestFirst = new ArrayList<>();
    byMessage.values().forEach(e -> Reduction.of(e).ifPresent(s -> newestFirst.add(0, s)));
    return newestFirst;
  }

  private MessageState read(MessageState state) {
    refusal(state.key().queueId().text())
        .ifPresent(
            damage -> {
              throw damage;
            });
    return state;
  }

  private static boolean is(Recipient recipient, Address address) {
    return recipient.address().equals(address) || recipient.accepted().equals(address);
  }

  @Override
  public synchronized List<MessageState> find(Query query) {
    return states().stream()
        .filter(
            s ->
                query.queueId().isEmpty() || query.queueId().get().equals(s.key().queueId().text()))
        .filter(s -> query.sender().isEmpty() || query.sender().get().equals(s.sender()))
        .filter(
            s ->
                query.recipient().isEmpty()
                    || s.recipients().stream()
                        .anyMatch(r -> is(r.recipient(), query.recipient().get())))
        .filter(
            s ->
                query.status().isEmpty()
                    || s.recipients().stream()
                        .filter(r -> query.recipient().map(a -> is(r.recipient(), a)).orElse(true))
                        .anyMatch(r -> r.status() == query.status().get()))
        .limit(query.limit())
        .map(this::read)
        .toList();
  }

  @Override
  public synchronized Optional<MessageState> message(String reference) {
    return states().stream()
        .filter(s -> s.key().queueId().text().equals(reference))
        .findFirst()
        .map(this::read);
  }

  @Override
  public Optional<MessageState> inQueue(QueueId queueId, Optional<Instant> arrival) {
    return message(queueId.text());
  }

  @Override
  public synchronized void each(MessageKey message, Consumer<RecordedEvent> visitor) {
    recorded.stream().filter(e -> e.event().about().equals(Optional.of(message))).forEach(visitor);
  }

  @Override
  public List<MessageState> chain(MessageKey message) {
    throw new UnsupportedOperationException();
  }

  @Override
  public synchronized List<RecordedEvent> eventsAfter(long sequence, int limit) {
    return recorded.stream().filter(e -> e.sequence() > sequence).limit(limit).toList();
  }

  @Override
  public synchronized void eachAfter(
      long sequence, Consumer<RecordedEvent> visitor, Consumer<String> unreadable) {
    recorded.stream().filter(e -> e.sequence() > sequence).forEach(visitor);
  }

  @Override
  public synchronized long sequenceBefore(Instant moment) {
    return recorded.stream()
        .filter(e -> e.event().at().isBefore(moment))
        .mapToLong(RecordedEvent::sequence)
        .max()
        .orElse(0);
  }

  @Override
  public List<MessageState> unfinished(
      Instant receivedBefore, Optional<MessageKey> after, int limit, Consumer<String> unreadable) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<MessageKey> receiptsAwaited(
      Optional<MessageKey> after, int limit, Consumer<String> unreadable) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<Bytes> keptHeader(MessageKey message) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Statistics statistics(Instant since) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Coverage coverage() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
