package org.mailjournal.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.mailjournal.journal.JournalException;

/** What waits for the writer, bounded. Any thread adds; the writer takes in groups. */
final class Backlog {
  /** How long a patient request waits for others. */
  private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(50);

  private final int capacity;
  private final int groupSize;
  private final Deque<Request<?>> waiting = new ArrayDeque<>();

  /** These let others go first, and go with them. */
  private final Deque<Request<?>> patient = new ArrayDeque<>();

  private int weight;
  private boolean closed;

  /**
   * An empty one.
   *
   * @param capacity the weight that can wait
   * @param groupSize the weight that is taken at once
   */
  Backlog(int capacity, int groupSize) {
    this.capacity = capacity;
    this.groupSize = groupSize;
  }

  /**
   * Lets a request wait. Never blocks.
   *
   * @throws JournalException temporary, if it is closed or full
   */
  void add(Request<?> request) {
    add(waiting, request);
  }

  /** The same, for what nobody waits for: it goes with others, or alone after 50 ms. */
  void addPatient(Request<?> request) {
    add(patient, request);
  }

  private synchronized void add(Deque<Request<?>> queue, Request<?> request) {
    if (closed) {
      throw JournalException.temporary(
          "record", "the journal is closed", "try again when the daemon is up", null);
    }
    // A request that is larger than the whole queue gets in when it is alone.
    if (weight > 0 && weight + request.weight() > capacity) {
      throw JournalException.temporary(
          "record",
          "more than " + capacity + " events wait for the disk",
          "try again when it has caught up",
          null);
    }
    weight += request.weight();
    queue.add(request);
    notifyAll();
  }

  /** Takes nothing more; what waits can still be taken. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  /** Waits for the next group; false when there will be none. */
  synchronized boolean awaitGroup() {
    while (waiting.isEmpty() && !closed && !isPatienceOver()) {
      try {
        wait(millisToPatience());
      } catch (InterruptedException notTheWayToStop) {
        // Who closes the journal ends the writer, and only after all is committed.
      }
    }
    return !waiting.isEmpty() || !patient.isEmpty();
  }

  /** The next group, without what was cancelled: it may be empty. */
  synchronized List<Request<?>> takeGroup() {
    List<Request<?>> group = new ArrayList<>();
    if (isPatienceOver()) {
      take(patient, group);
      take(waiting, group);
    } else {
      take(waiting, group);
      take(patient, group);
    }
    weight -= Request.weightOf(group);
    group.removeIf(request -> !request.begin());
    return group;
  }

  private void take(Deque<Request<?>> queue, List<Request<?>> group) {
    int taken = Request.weightOf(group);
    while (!queue.isEmpty() && (group.isEmpty() || taken + queue.peek().weight() <= groupSize)) {
      Request<?> request = queue.remove();
      taken += request.weight();
      group.add(request);
    }
  }

  private boolean isPatienceOver() {
    return !patient.isEmpty() && patient.peek().age() >= PATIENCE;
  }

  /** Zero without a patient request. */
  private long millisToPatience() {
    return patient.isEmpty()
        ? 0
        : Math.max(1, TimeUnit.NANOSECONDS.toMillis(PATIENCE - patient.peek().age()));
  }
}
