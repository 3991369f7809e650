package org.mailjournal.journal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The journal's way out. Safe for use by many threads; a reader never waits for the writer. Every
 * method throws {@link JournalException} when the journal cannot be read.
 */
public interface JournalReader extends AutoCloseable {
  /** The messages that the query means, newest first. */
  List<MessageState> find(Query query);

  /**
   * The same, where one that is damaged does not stand before the others.
   *
   * @param unreadable told, in words, of each that may be meant and is left out because it is
   *     damaged
   */
  default List<MessageState> find(Query query, Consumer<String> unreadable) {
    return find(query);
  }

  /**
   * The newest message that a reference names: a journal id, else a queue id, else a Message-ID
   * (whole, then left part).
   */
  Optional<MessageState> message(String reference);

  /**
   * The message that an MTA means by a queue id now: the newest with that id that was recorded no
   * earlier than the MTA's own arrival time. Without an arrival time, the newest.
   */
  Optional<MessageState> inQueue(QueueId queueId, Optional<Instant> arrival);

  /**
   * Shows all that was recorded of a message, in order: it can be more than memory has room for.
   */
  void each(MessageKey message, Consumer<RecordedEvent> visitor);

  /** All that was recorded of a message, in order. */
  default List<RecordedEvent> events(MessageKey message) {
    return events(message, any -> true);
  }

  /** Those that are wanted of all that was recorded of a message, in order; only they take room. */
  default List<RecordedEvent> events(MessageKey message, Predicate<Event> wanted) {
    List<RecordedEvent> events = new ArrayList<>();
    each(
        message,
        recorded -> {
          if (wanted.test(recorded.event())) {
            events.add(recorded);
          }
        });
    return events;
  }

  /** Whole messages of the chain that this one belongs to, oldest first, itself included. */
  List<MessageState> chain(MessageKey message);

  /** Events with a greater sequence number, in order, at most so many. */
  List<RecordedEvent> eventsAfter(long sequence, int limit);

  /**
   * Shows the events with a greater sequence number, in order, one after the other: each can be
   * large.
   *
   * @param unreadable told, in words, of each that is left out because it is damaged
   */
  void eachAfter(long sequence, Consumer<RecordedEvent> visitor, Consumer<String> unreadable);

  /**
   * Shows the events with a greater sequence number, in order, at most so many.
   *
   * @param unreadable told, in words, of each that is left out because it is damaged
   * @return the sequence number of the last of them, shown or left out; the given one when there is
   *     none
   */
  default long someAfter(
      long sequence, int limit, Consumer<RecordedEvent> visitor, Consumer<String> unreadable) {
    List<RecordedEvent> events = eventsAfter(sequence, limit);
    events.forEach(visitor);
    return events.isEmpty() ? sequence : events.get(events.size() - 1).sequence();
  }

  /** The last sequence number given before this moment; 0 when there is none. */
  long sequenceBefore(Instant moment);

  /**
   * Messages with a recipient that is queued or delayed, received before the moment, oldest first,
   * from behind the given one on.
   *
   * @param unreadable told, in words, of each that is left out because what the file has of it is
   *     damaged: the others are not to wait for its repair
   */
  List<MessageState> unfinished(
      Instant receivedBefore, Optional<MessageKey> after, int limit, Consumer<String> unreadable);

  /**
   * Messages whose sender waits for a receipt still, oldest first, from behind the given one on.
   *
   * @param unreadable told, in words, of each that is left out because its first event is damaged
   */
  List<MessageKey> receiptsAwaited(
      Optional<MessageKey> after, int limit, Consumer<String> unreadable);

  /** The header section that is kept for a message's receipts. */
  Optional<Bytes> keptHeader(MessageKey message);

  /** Counts since a moment. */
  Statistics statistics(Instant since);

  /**
   * The same of the messages that can be read.
   *
   * @param unreadable told, in words, of each that is left out because it is damaged
   */
  default Statistics statistics(Instant since, Consumer<String> unreadable) {
    return statistics(since);
  }

  /** When the daemon listened, and what it could not record meanwhile. */
  Coverage coverage();

  @Override
  void close();
}
