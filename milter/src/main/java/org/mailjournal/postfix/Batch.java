package org.mailjournal.postfix;

import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.Recorder;

/**
 * Events on their way into the journal, a bounded number at a time: one pass may tell of 100,000
 * recipients. That a part of them is recorded before a later part fails does no harm, since what is
 * told again is recorded once.
 */
final class Batch {
  static final int SIZE = 1000;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Recorder recorder;
  private final List<Event> events = new ArrayList<>();
  private int news;

  Batch(Recorder recorder) {
    this.recorder = recorder;
  }

  void add(Event event) {
    events.add(event);
    if (events.size() >= SIZE) {
      commit();
    }
  }

  /**
   * Returns when everything is on the disk.
   *
   * @throws NotRecorded when it is not
   */
  void commit() {
    if (events.isEmpty()) {
      return;
    }
    List<Event> handed = List.copyOf(events);
    events.clear();
    news += await(recorder.record(handed), PATIENCE);
  }

  /**
   * Hands all of them over at once, and waits so long.
   *
   * @return those that were refused
   * @throws NotRecorded when the time is over: what has not been committed by then still may be
   */
  static List<Event> commit(Recorder recorder, List<? extends Event> events, Duration patience) {
    IdentityHashMap<List<Event>, CompletableFuture<Integer>> parts = new IdentityHashMap<>();
    for (int from = 0; from < events.size(); from += SIZE) {
      List<Event> part = List.copyOf(events.subList(from, Math.min(from + SIZE, events.size())));
      parts.put(part, recorder.record(part));
    }
    CompletableFuture<Void> all =
        CompletableFuture.allOf(parts.values().toArray(CompletableFuture[]::new));
    await(all.exceptionally(refused -> null), patience);
    List<Event> refused = new ArrayList<>();
    parts.forEach(
        (part, commit) -> {
          if (commit.isCompletedExceptionally()) {
            refused.addAll(part);
          }
        });
    return refused;
  }

  /** Returns when it is done. */
  static void await(CompletableFuture<?> commit) {
    await(commit, PATIENCE);
  }

  private static <T> T await(CompletableFuture<T> commit, Duration patience) {
    try {
      return commit.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new NotRecorded(e.getCause());
    } catch (TimeoutException e) {
      throw new NotRecorded(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NotRecorded(e);
    }
  }

  /** How many of those that are committed the journal did not have yet. */
  int news() {
    return news;
  }

  /** The journal did not take what was handed to it; the MTA must be asked to tell again. */
  static final class NotRecorded extends RuntimeException {
    NotRecorded(Throwable cause) {
      super("the journal did not commit: " + cause, cause);
    }
  }
}
