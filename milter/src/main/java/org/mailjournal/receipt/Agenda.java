package org.mailjournal.receipt;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.mailjournal.journal.MessageKey;

/** When to look at which message next; each has one moment at a time, the earliest asked for. */
final class Agenda {
  private final Map<MessageKey, Entry> entries = new HashMap<>();
  private final NavigableSet<Entry> queue =
      new TreeSet<>(Comparator.comparing(Entry::moment).thenComparing(Entry::number));

  private final Semaphore news = new Semaphore(0);
  private long numbers;

  private record Entry(Instant moment, long number, MessageKey message) {}

  synchronized void put(MessageKey message, Instant moment) {
    Entry earlier = entries.get(message);
    if (moment.equals(Instant.MAX) || (earlier != null && !moment.isBefore(earlier.moment()))) {
      return;
    }
    remove(message);
    add(new Entry(moment, numbers++, message));
    news.release();
  }

  private void add(Entry entry) {
    entries.put(entry.message(), entry);
    queue.add(entry);
  }

  /** What is not needed any more; a patience of days would keep it for days. */
  synchronized void remove(MessageKey message) {
    Entry entry = entries.remove(message);
    if (entry != null) {
      queue.remove(entry);
    }
  }

  /** What is looked at last. */
  synchronized Optional<MessageKey> last() {
    return queue.isEmpty() ? Optional.empty() : Optional.of(queue.last().message());
  }

  synchronized int size() {
    return queue.size();
  }

  /** Takes what is due at a moment. */
  synchronized List<MessageKey> take(Instant now) {
    List<MessageKey> due = new ArrayList<>();
    while (!queue.isEmpty() && !queue.first().moment().isAfter(now)) {
      MessageKey message = queue.first().message();
      remove(message);
      due.add(message);
    }
    return due;
  }

  /** Brings everything forward. */
  synchronized void advance(Duration by) {
    List<Entry> all = new ArrayList<>(queue);
    queue.clear();
    all.forEach(e -> add(new Entry(e.moment().minus(by), e.number(), e.message())));
  }

  /** Waits until something is due, or something new is put in, but never long. */
  void await(Instant now, long mostMillis) throws InterruptedException {
    long millis = Math.min(mostMillis, untilFirst(now, mostMillis));
    if (millis > 0 && news.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
      news.drainPermits();
    }
  }

  private synchronized long untilFirst(Instant now, long otherwise) {
    return queue.isEmpty() ? otherwise : Duration.between(now, queue.first().moment()).toMillis();
  }
}
