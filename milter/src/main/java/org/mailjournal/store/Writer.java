package org.mailjournal.store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
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
  private final Opener opener;
  private final Mark mark;
  private final Aftermath aftermath;
  private final Backlog backlog;
  private final Thread thread;
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

  /** A writer that waits for its first request. */
  Writer(Settings settings, Opener opener, Mark mark, Aftermath aftermath) throws SQLException {
    this.opener = opener;
    this.mark = mark;
    this.aftermath = aftermath;
    this.backlog = new Backlog(settings.queueCapacity(), settings.groupSize());
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
    return perform(appending(events));
  }

  CompletableFuture<Integer> recordSoon(List<Event> events) {
    return enqueue(appending(events), backlog::addPatient);
  }

  private static Request<Integer> appending(List<Event> events) {
    List<Event> kept = List.copyOf(events);
    return new Request<>(appender -> appender.append(kept), weight(kept));
  }

  CompletableFuture<Integer> record(List<Event> events, KeptHeader header) {
    List<Event> kept = List.copyOf(events);
    return perform(
        appender -> {
          int news = appender.append(kept);
          appender.keep(header);
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

  /** By memory: an oddity keeps up to 64 KiB, a message its recipients. */
  private static int weight(Event event) {
    if (event instanceof Event.Oddity oddity) {
      return 1 + oddity.excerpt().size() / 1024;
    } else if (event instanceof Event.Received received) {
      return 1 + (received.accepted().size() + received.rejected().size()) / 8;
    }
    return 1;
  }

  /** Does work in a transaction, of which one event's weighs one. Never blocks. */
  <T> CompletableFuture<T> perform(Request.Work<T> work, int weight) {
    return perform(new Request<>(work, weight));
  }

  private <T> CompletableFuture<T> perform(Request<T> request) {
    return enqueue(request, backlog::add);
  }

  private static <T> CompletableFuture<T> enqueue(Request<T> request, Consumer<Request<T>> by) {
    try {
      by.accept(request);
      return request.future();
    } catch (JournalException full) {
      return CompletableFuture.failedFuture(full);
    }
  }

  private void run() {
    while (backlog.awaitGroup()) {
      List<Request<?>> done = commit(backlog.takeGroup());
      done.forEach(Request::complete);
      if (aftermath.committed(Request.weightOf(done)) && appender != null) {
        aftermath.moveTheRest(appender.sql());
      }
    }
    discard();
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
    group.forEach(request -> request.fail(failure));
    return List.of();
  }

  /** Commits what waits, then ends. */
  @Override
  public void close() {
    backlog.close();
    Threads.join(thread);
  }
}
