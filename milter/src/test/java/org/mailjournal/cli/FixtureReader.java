package org.mailjournal.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.mailjournal.journal.Bytes;
import org.mailjournal.journal.Coverage;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.JournalException;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.Query;
import org.mailjournal.journal.QueueId;
import org.mailjournal.journal.RecipientState;
import org.mailjournal.journal.RecordedEvent;
import org.mailjournal.journal.Reduction;
import org.mailjournal.journal.Statistics;
import org.mailjournal.journal.Status;
import org.mailjournal.journal.Unrecorded;

/** A journal in a list, for tests of what is made of its answers. */
final class FixtureReader implements JournalReader {
  private final List<RecordedEvent> events = new CopyOnWriteArrayList<>();
  private final List<Coverage.Span> spans = new ArrayList<>();
  private final AtomicInteger questions = new AtomicInteger();
  private Query lastQuery;
  private volatile JournalException trouble;

  FixtureReader record(Event... more) {
    for (Event event : more) {
      events.add(new RecordedEvent(events.size() + 1, event));
    }
    return this;
  }

  FixtureReader listened(Coverage.Span span) {
    spans.add(span);
    return this;
  }

  /** From now on nobody is told of events; null ends the trouble. */
  void failing(JournalException with) {
    trouble = with;
  }

  /** How often somebody asked for new events. */
  int questions() {
    return questions.get();
  }

  Query lastQuery() {
    return lastQuery;
  }

  private List<MessageState> newestFirst() {
    List<MessageState> states = new ArrayList<>();
    events.stream()
        .flatMap(e -> e.event().about().stream())
        .distinct()
        .forEach(key -> Reduction.of(events(key)).ifPresent(states::add));
    List<MessageState> linked =
        new ArrayList<>(states.stream().map(s -> s.withPrevious(previous(s, states))).toList());
    linked.sort(Comparator.comparing((MessageState m) -> m.key().receivedAt()).reversed());
    return linked;
  }

  private static List<MessageKey> previous(MessageState state, List<MessageState> all) {
    return all.stream()
        .map(MessageState::key)
        .filter(key -> state.trail().contains(key.queueId()))
        .toList();
  }

  @Override
  public List<MessageState> find(Query query) {
    lastQuery = query;
    return newestFirst().stream().filter(means(query)).limit(query.limit()).toList();
  }

  private static Predicate<MessageState> means(Query query) {
    return m ->
        query.text().map(t -> isNamed(m, t) || any(m, r -> isRemote(r, t))).orElse(true)
            && query.messageId().map(t -> isNamed(m, t)).orElse(true)
            && query.queueId().map(t -> m.key().queueId().text().equals(t)).orElse(true)
            && query.remoteQueueId().map(t -> any(m, r -> isRemote(r, t))).orElse(true)
            && query.sender().map(m.sender()::equals).orElse(true)
            && query
                .recipient()
                .map(a -> any(m, r -> r.recipient().address().equals(a)))
                .orElse(true)
            && query.status().map(s -> any(m, r -> r.status() == s)).orElse(true)
            && query.since().map(t -> !m.key().receivedAt().isBefore(t)).orElse(true)
            && query.until().map(t -> m.key().receivedAt().isBefore(t)).orElse(true);
  }

  private static boolean any(MessageState message, Predicate<RecipientState> test) {
    return message.recipients().stream().anyMatch(test);
  }

  private static boolean isRemote(RecipientState state, String id) {
    return state.remoteQueueId().equals(Optional.of(id));
  }

  private static boolean isNamed(MessageState message, String text) {
    return message.key().queueId().text().equals(text)
        || message.key().id().equals(text)
        || message
            .messageId()
            .map(id -> id.text().equals(text) || id.left().equals(text))
            .orElse(false);
  }

  @Override
  public Optional<MessageState> message(String reference) {
    return newestFirst().stream().filter(m -> isNamed(m, reference)).findFirst();
  }

  @Override
  public Optional<MessageState> inQueue(QueueId queueId, Optional<Instant> arrival) {
    return newestFirst().stream().filter(m -> m.key().queueId().equals(queueId)).findFirst();
  }

  @Override
  public void each(MessageKey message, Consumer<RecordedEvent> visitor) {
    events.stream().filter(e -> e.event().about().equals(Optional.of(message))).forEach(visitor);
  }

  @Override
  public List<MessageState> chain(MessageKey message) {
    List<MessageState> all = new ArrayList<>(newestFirst());
    all.removeIf(
        m ->
            !m.key().equals(message)
                && !m.previous().contains(message)
                && all.stream()
                    .noneMatch(n -> n.key().equals(message) && n.previous().contains(m.key())));
    all.sort(Comparator.comparing(m -> m.key().receivedAt()));
    return all;
  }

  @Override
  public List<RecordedEvent> eventsAfter(long sequence, int limit) {
    questions.incrementAndGet();
    if (trouble != null) {
      throw trouble;
    }
    return events.stream().filter(e -> e.sequence() > sequence).limit(limit).toList();
  }

  @Override
  public void eachAfter(
      long sequence, Consumer<RecordedEvent> visitor, Consumer<String> unreadable) {
    events.stream().filter(e -> e.sequence() > sequence).forEach(visitor);
  }

  @Override
  public long sequenceBefore(Instant moment) {
    return events.stream()
        .filter(e -> e.event().at().isBefore(moment))
        .mapToLong(RecordedEvent::sequence)
        .max()
        .orElse(0);
  }

  @Override
  public List<MessageState> unfinished(
      Instant receivedBefore, Optional<MessageKey> after, int limit, Consumer<String> unreadable) {
    return List.of();
  }

  @Override
  public List<MessageKey> receiptsAwaited(
      Optional<MessageKey> after, int limit, Consumer<String> unreadable) {
    return List.of();
  }

  @Override
  public Optional<Bytes> keptHeader(MessageKey message) {
    return Optional.empty();
  }

  @Override
  public Statistics statistics(Instant since) {
    List<MessageState> messages =
        newestFirst().stream().filter(m -> !m.key().receivedAt().isBefore(since)).toList();
    Map<Status, Long> counts = new EnumMap<>(Status.class);
    for (Status status : Status.values()) {
      counts.put(
          status,
          messages.stream()
              .flatMap(m -> m.recipients().stream())
              .filter(r -> r.status() == status)
              .count());
    }
    return new Statistics(
        since,
        messages.size(),
        counts,
        events.stream().filter(e -> e.event() instanceof Event.Oddity).count(),
        Optional.of(
            new Statistics.Delay(
                Duration.ofMillis(850), Duration.ofSeconds(75), Duration.ofHours(3))),
        List.of(
            new Statistics.Exchanger("mx.example.com", 12, 3, 0),
            new Statistics.Exchanger("mx.example.net", 1, 0, 2)));
  }

  @Override
  public Coverage coverage() {
    return new Coverage(
        spans,
        events.stream().flatMap(recorded -> Unrecorded.of(recorded.event()).stream()).toList());
  }

  @Override
  public void close() {}
}
