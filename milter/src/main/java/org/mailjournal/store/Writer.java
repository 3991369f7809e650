package org.mailjournal.store;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.JournalException;
import org.mailjournal.journal.KeptHeader;

/**
 * The one thread that writes. All requests that wait become one transaction (group commit), so one
 * fsync serves them all, and the slower the disk the larger the groups.
 *
 * <pre>
 * waiting ──take──▶ group ──BEGIN, each appended, COMMIT──▶ futures complete
 *                     │ a request cannot be stored: rolled back, then each in its own transaction
 *                     └ the disk fails: all fail as temporary, connection closed, next group opens
 * </pre>
 */
final class Writer implements AutoCloseable {
  /** How long a patient request waits for others. */
  private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(50);

  private final Settings settings;
  private final Opener opener;
  private final Mark mark;
  private final Aftermath aftermath;
  private final Deque<Request<?>> waiting = new ArrayDeque<>();

  /** These let others go first, and go with them. */
  private final Deque<Request<?>> patient = new ArrayDeque<>();

  private final Thread thread;
  private int weight;
  private boolean closing;
  private Appender appender;

  /** Opens the file for writing, as often as that is needed. */
  interface Opener {
    Sql open() throws SQLException;
  }

  /** What follows commits. */
  interface Aftermath {
    /**
     * Told behind each commit how much was in it.
     *
     * @return whether it is the writer's turn to move what is left in the log, so that it can begin
     *     anew
     */
    boolean committed(int weight);

    /** The writer's turn, on its own connection. Never fails. */
    default void moveTheRest(Sql sql) {}
  }

  /** What is done within a transaction. */
  interface Work<T> {
    T in(Appender appender) throws SQLException;
  }

  /** Can be cancelled as long as it waits, and not any more when it is being written. */
  private static final class Pledge<T> extends CompletableFuture<T> {
    private boolean begun;

    synchronized boolean begin() {
      begun = !isCancelled();
      return begun;
    }

    @Override
    public synchronized boolean cancel(boolean anyway) {
      return !begun && super.cancel(anyway);
    }
  }

  private static final class Request<T> {
    private final Work<T> work;
    private final int weight;
    private final Pledge<T> future = new Pledge<>();
    private final long since = System.nanoTime();
    private T result;

    private Request(Work<T> work, int weight) {
      this.work = work;
      this.weight = weight;
    }

    private void run(Appender in) throws SQLException {
      result = work.in(in);
    }

    private void complete() {
      future.complete(result);
    }
  }

  /** A writer that waits for its first request. */
  Writer(Settings settings, Opener opener, Mark mark, Aftermath aftermath) throws SQLException {
    this.settings = settings;
    this.opener = opener;
    this.mark = mark;
    this.aftermath = aftermath;
    this.appender = appender(opener);
    this.thread = new Thread(this::run, SqliteJournal.WRITER_THREAD);
    thread.start();
  }

  /** Once per group while the file is unusable, so what fails half way must leave nothing open. */
  private static Appender appender(Opener opener) throws SQLException {
    Sql sql = opener.open();
    try {
      return new Appender(sql);
    } catch (SQLException | RuntimeException e) {
      sql.close();
      throw e;
    }
  }

  CompletableFuture<Integer> record(List<Event> events) {
    List<Event> kept = List.copyOf(events);
    return perform(appending -> appending.append(kept), weight(kept));
  }

  CompletableFuture<Integer> recordSoon(List<Event> events) {
    List<Event> kept = List.copyOf(events);
    return perform(patient, appending -> appending.append(kept), weight(kept));
  }

  CompletableFuture<Integer> record(List<Event> events, KeptHeader header) {
    List<Event> kept = List.copyOf(events);
    return perform(
        appending -> {
          int news = appending.append(kept);
          appending.keep(header);
          return news;
        },
        weight(kept) + header.section().size() / 1024);
  }

  private static int weight(List<Event> events) {
    int heavy = 1;
    for (Event event : events) {
      heavy += weight(event);
    }
    return heavy;
  }

  /** Does work in a transaction, of which one event's weighs one. Never blocks. */
  <T> CompletableFuture<T> perform(Work<T> work, int heavy) {
    return perform(waiting, work, heavy);
  }

  private <T> CompletableFuture<T> perform(Deque<Request<?>> queue, Work<T> work, int heavy) {
    Request<T> request = new Request<>(work, heavy);
    synchronized (waiting) {
      if (closing) {
        return CompletableFuture.failedFuture(
            JournalException.temporary(
                "record", "the journal is closed", "try again when the daemon is up", null));
      }
      // A request that is larger than the whole queue gets in when it is alone.
      if (weight > 0 && weight + heavy > settings.queueCapacity()) {
        return CompletableFuture.failedFuture(
            JournalException.temporary(
                "record",
                "more than " + settings.queueCapacity() + " events wait for the disk",
                "try again when it has caught up",
                null));
      }
      weight += heavy;
      queue.add(request);
      waiting.notifyAll();
    }
    return request.future;
  }

  /** By memory: an oddity keeps up to 64 KiB, a message its recipients. */
  private static int weight(Event event) {
    if (event instanceof Event.Oddity oddity) {
      return 1 + oddity.excerpt().size() / 1024;
    } else if (event instanceof Event.Received received) {
      return 1 + (received.accepted().size() + received.rejected().size()) / 8;
    }
    return 1;
  }

  private void run() {
    while (isToGoOn()) {
      List<Request<?>> done = commit(take());
      done.forEach(Request::complete);
      if (aftermath.committed(weightOf(done)) && appender != null) {
        aftermath.moveTheRest(appender.sql());
      }
    }
    discard();
  }

  /** Waits for the next group; false when there will be none. */
  private boolean isToGoOn() {
    synchronized (waiting) {
      while (waiting.isEmpty() && !closing && !isPatienceOver()) {
        await();
      }
      return !waiting.isEmpty() || !patient.isEmpty();
    }
  }

  /** The next group, without what was cancelled: it may be empty. */
  private List<Request<?>> take() {
    synchronized (waiting) {
      List<Request<?>> group = new ArrayList<>();
      if (isPatienceOver()) {
        take(patient, group);
        take(waiting, group);
      } else {
        take(waiting, group);
        take(patient, group);
      }
      weight -= weightOf(group);
      group.removeIf(request -> !request.future.begin());
      return group;
    }
  }

  private boolean isPatienceOver() {
    return !patient.isEmpty() && System.nanoTime() - patient.peek().since >= PATIENCE;
  }

  private void await() {
    try {
      if (patient.isEmpty()) {
        waiting.wait();
      } else {
        long left = PATIENCE - (System.nanoTime() - patient.peek().since);
        TimeUnit.NANOSECONDS.timedWait(waiting, Math.max(1, left));
      }
    } catch (InterruptedException notOurWayToStop) {
      // close() ends this thread, and only after all is committed.
    }
  }

  private void take(Deque<Request<?>> queue, List<Request<?>> group) {
    int taken = weightOf(group);
    while (!queue.isEmpty()
        && (group.isEmpty() || taken + queue.peek().weight <= settings.groupSize())) {
      Request<?> request = queue.remove();
      taken += request.weight;
      group.add(request);
    }
  }

  private static int weightOf(Collection<Request<?>> group) {
    return group.stream().mapToInt(request -> request.weight).sum();
  }

  /** Those of the group that are committed; the others have failed. */
  private List<Request<?>> commit(List<Request<?>> group) {
    if (group.isEmpty()) {
      return group;
    }
    try {
      transact(group);
      return group;
    } catch (SQLException | RuntimeException | Error e) {
      if (Trouble.isOfTheRequest(e) && rollBack()) {
        return group.size() == 1 ? failed(group, e) : oneByOne(group);
      }
      discard();
      return failed(group, e);
    }
  }

  /** All or nothing holds for each request, so a bad one takes no neighbour with it. */
  private List<Request<?>> oneByOne(List<Request<?>> group) {
    List<Request<?>> done = new ArrayList<>();
    for (Request<?> request : group) {
      done.addAll(commit(List.of(request)));
    }
    return done;
  }

  private void transact(List<Request<?>> group) throws SQLException {
    if (appender == null) {
      appender = appender(opener);
    }
    Sql sql = appender.sql();
    sql.run("BEGIN IMMEDIATE");
    for (Request<?> request : group) {
      request.run(appender);
    }
    sql.run("COMMIT");
    mark.requireLivingDisk();
    mark.set(appender.last());
  }

  private boolean rollBack() {
    try {
      appender.sql().run("ROLLBACK");
      appender.forget();
      return true;
    } catch (SQLException | RuntimeException e) {
      return false;
    }
  }

  /** Closes the connection, which rolls back; the next group opens another. */
  private void discard() {
    if (appender != null) {
      appender.close();
      try {
        appender.sql().close();
      } catch (SQLException e) {
        // It was of no use any more, and what it held open is rolled back.
      }
      appender = null;
    }
  }

  private static List<Request<?>> failed(List<Request<?>> group, Throwable cause) {
    JournalException failure = Trouble.of("commit", cause);
    group.forEach(request -> request.future.completeExceptionally(failure));
    return List.of();
  }

  /** Commits what waits, then ends. */
  @Override
  public void close() {
    synchronized (waiting) {
      closing = true;
      waiting.notifyAll();
    }
    Threads.join(thread);
  }
}
