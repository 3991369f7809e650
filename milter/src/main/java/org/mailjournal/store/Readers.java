package org.mailjournal.store;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import org.mailjournal.journal.JournalException;

/** Read connections, kept open between questions; each question sees one state of the journal. */
final class Readers implements AutoCloseable {
  private final Database database;
  private final Semaphore places;
  private final Deque<Session> idle = new ArrayDeque<>();
  private boolean closed;

  Readers(Database database, int connections) {
    this.database = database;
    this.places = new Semaphore(connections, true);
  }

  /** One connection, and what reads events on it. */
  record Session(Sql sql, Loader loader, boolean isFrozen) {
    private void close() {
      loader.close();
      try {
        sql.close();
      } catch (SQLException e) {
        // Nothing was written on it, so nothing is lost.
      }
    }
  }

  /** A question. */
  interface Question<T> {
    T ask(Session session) throws SQLException;
  }

  <T> T read(Question<T> question) {
    places.acquireUninterruptibly();
    try {
      return readIn(take(), question);
    } catch (SQLException | UncheckedSqlException | MalformedBody e) {
      throw Trouble.of("read", e);
    } finally {
      places.release();
    }
  }

  private <T> T readIn(Session session, Question<T> question) throws SQLException {
    boolean isSound = false;
    try {
      session.sql().run("BEGIN");
      session.loader().lookForPurges();
      T answer = question.ask(session);
      session.sql().run("COMMIT");
      isSound = true;
      return answer;
    } finally {
      // A frozen one is for one question: a daemon may start before the next.
      if (isSound && !session.isFrozen()) {
        giveBack(session);
      } else {
        session.close();
      }
    }
  }

  private Session take() throws SQLException {
    synchronized (idle) {
      if (closed) {
        throw JournalException.temporary(
            "read", "the journal is closed", "try again when the daemon is up", null);
      }
      if (!idle.isEmpty()) {
        return idle.pop();
      }
    }
    Database.Reading reading = database.reader();
    try {
      return new Session(reading.sql(), new Loader(reading.sql()), reading.isFrozen());
    } catch (SQLException | RuntimeException e) {
      reading.sql().close();
      throw e;
    }
  }

  private void giveBack(Session session) {
    synchronized (idle) {
      if (!closed) {
        idle.push(session);
        return;
      }
    }
    session.close();
  }

  /** Whether a daemon has the journal now. */
  boolean isWrittenTo() {
    return database.isWrittenTo();
  }

  @Override
  public void close() {
    synchronized (idle) {
      closed = true;
      idle.forEach(Session::close);
      idle.clear();
    }
  }
}
