package org.mailjournal.session;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.JournalException;
import org.mailjournal.journal.KeptHeader;
import org.mailjournal.journal.Recorder;

/** A journal without a disk, which can be made to fail or to take its time. */
final class MemoryRecorder implements Recorder {
  enum Health {
    WELL,
    FAILING,
    THROWING,
    STALLED
  }

  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final List<KeptHeader> headers = new CopyOnWriteArrayList<>();
  private final List<CompletableFuture<Integer>> stalled = new CopyOnWriteArrayList<>();
  private volatile Health health = Health.WELL;

  void become(Health next) {
    health = next;
    if (next == Health.WELL) {
      stalled.forEach(waiting -> waiting.complete(1));
    }
  }

  List<Event> events() {
    return List.copyOf(events);
  }

  List<KeptHeader> headers() {
    return List.copyOf(headers);
  }

  Event.Received received() {
    List<Event.Received> all =
        events.stream()
            .filter(Event.Received.class::isInstance)
            .map(Event.Received.class::cast)
            .toList();
    return all.get(all.size() - 1);
  }

  @Override
  public CompletableFuture<Integer> record(List<Event> batch, KeptHeader header) {
    headers.add(header);
    return record(batch);
  }

  @Override
  public CompletableFuture<Integer> record(List<Event> batch) {
    JournalException full =
        JournalException.temporary("commit", "the disk is full", "make room", null);
    switch (health) {
      case FAILING -> {
        return CompletableFuture.failedFuture(full);
      }
      case THROWING -> throw full;
      case STALLED -> {
        events.addAll(batch);
        CompletableFuture<Integer> waiting = new CompletableFuture<>();
        stalled.add(waiting);
        return waiting;
      }
      case WELL -> events.addAll(batch);
    }
    return CompletableFuture.completedFuture(batch.size());
  }
}
