package org.mailjournal.receipt;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.mailjournal.journal.MessageKey;

/** When to look at which message next; each has one moment at a time, the earliest asked for. */
final class Agenda {
  private final Map<MessageKey, Instant> moments = new HashMap<>();
  private final PriorityQueue<Entry> queue =
      new PriorityQueue<>(Comparator.comparing(Entry::moment));

  private final Semaphore news = new Semaphore(0);

  private record Entry(Instant moment, MessageKey message) {}

  synchronized void put(MessageKey message, Instant moment) {
    Instant earlier = moments.get(message);
    if (moment.equals(Instant.MAX) || (earlier != null && !moment.isBefore(earlier))) {
      return;
    }
    moments.put(message, moment);
    queue.add(new Entry(moment, message));
    news.release();
  }

  /** Takes what is due at a moment. */
  synchronized List<MessageKey> take(Instant now) {
    List<MessageKey> due = new ArrayList<>();
    while (!queue.isEmpty() && !queue.peek().moment().isAfter(now)) {
      Entry entry = queue.remove();
      // An entry that an earlier one has overtaken is not looked at again.
      if (moments.remove(entry.message(), entry.moment())) {
        due.add(entry.message());
      }
    }
    return due;
  }

  /** Brings everything forward. */
  synchronized void advance(Duration by) {
    List<Entry> entries = new ArrayList<>(queue);
    queue.clear();
    moments.replaceAll((message, moment) -> moment.minus(by));
    entries.forEach(e -> queue.add(new Entry(e.moment().minus(by), e.message())));
  }

  /** Waits until something is due, or something new is put in, but never long. */
  void await(Instant now, long mostMillis) throws InterruptedException {
    long millis = Math.min(mostMillis, untilFirst(now, mostMillis));
    if (millis > 0 && news.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
      news.drainPermits();
    }
  }

  private synchronized long untilFirst(Instant now, long otherwise) {
    Entry first = queue.peek();
    return first == null ? otherwise : Duration.between(now, first.moment()).toMillis();
  }
}
