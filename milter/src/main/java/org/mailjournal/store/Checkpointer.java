package org.mailjournal.store;

import static org.sqlite.SQLiteErrorCode.SQLITE_IOERR_FSYNC;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.mailjournal.journal.JournalException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteException;

/**
 * Moves pages from the write-ahead log into the database beside the writer, so that nobody's commit
 * waits for it. It never holds the writer up (a passive checkpoint takes no writer's lock), and so
 * never empties the log while commits follow each other without a pause. For that the writer has
 * its turn between two commits, when next to nothing is left to move.
 *
 * <p>SQLite syncs the database only where a checkpoint moved all that the log has (3.53,
 * walCheckpoint), which beside commits is never. So it is synced here: else the writer's turn would
 * wait for everything that was moved before, 0.1 s behind 30,000 messages.
 *
 * <p>A failure stops no mail: the log grows, and the daemon's log says so. But Linux tells of a
 * sync that failed once, and the next one may succeed over pages that are lost. So behind one
 * nothing more is moved, no connection is the last one to close, and the log stays as it is for
 * whoever opens the journal next.
 */
final class Checkpointer implements Writer.Aftermath, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpointer.class);

  /**
   * Pages that went into the log between two checkpoints, by the estimate below: 96 MiB. While one
   * is synced every commit waits for the disk, so they are to be rare; and the more commits one
   * takes together, the fewer pages it writes, for many of them touch the same.
   */
  private static final int EVERY = 49_152;

  /** So many that came meanwhile are left to the writer; if more came, they are moved here, too. */
  private static final int FEW = 2048;

  /**
   * When so many came since the writer's last turn it has one, though much is left: 256 MiB. Not
   * SQLite's automatic checkpoint, for that one tells nobody when it fails.
   */
  private static final int MOST = 131_072;

  private static final String MOVE = "PRAGMA wal_checkpoint(PASSIVE)";
  private static final long QUIET = TimeUnit.MINUTES.toNanos(1);
  private static final int PAGES_PER_COMMIT = 6;
  private static final int PAGES_PER_EVENT = 3;

  private final Writer.Opener opener;
  private final int every;
  private final FileChannel file;
  private final Thread thread;
  private Sql sql;
  private int pages;
  private int sinceTurn;
  private boolean writersTurn;
  private boolean closing;
  private boolean isLost;
  private Optional<Long> told = Optional.empty();

  /** One that syncs through a descriptor of its own. */
  Checkpointer(Writer.Opener opener, int every, FileChannel file) {
    this.opener = opener;
    this.every = every;
    this.file = file;
    this.thread = new Thread(this::run, "journal-checkpoint");
    thread.start();
  }

  static Checkpointer of(Path database, Writer.Opener opener) throws SQLException {
    return of(database, opener, EVERY);
  }

  static Checkpointer of(Path database, Writer.Opener opener, int every) throws SQLException {
    try {
      return new Checkpointer(opener, every, FileChannel.open(database, StandardOpenOption.READ));
    } catch (IOException e) {
      throw new SQLException(e);
    }
  }

  /** Never blocks for longer than it takes to count. */
  @Override
  public synchronized boolean committed(int events) {
    int more = PAGES_PER_COMMIT + PAGES_PER_EVENT * events;
    pages += more;
    sinceTurn += more;
    if (pages >= every) {
      notifyAll();
    }
    boolean turn = !isLost && (writersTurn || sinceTurn >= MOST);
    if (turn) {
      sinceTurn = 0;
    }
    writersTurn = false;
    return turn;
  }

  @Override
  public void moveTheRest(Sql writers) {
    if (isLost()) {
      return;
    }
    try {
      writers.number(MOVE);
    } catch (SQLException | RuntimeException e) {
      failed(e);
    }
  }

  private void run() {
    while (await()) {
      try {
        open();
        move();
      } catch (SQLException | RuntimeException e) {
        failed(e);
        // The next time opens the file anew.
        closeConnection();
      }
    }
    closeConnection();
  }

  private void open() throws SQLException {
    if (sql == null) {
      sql = opener.open();
    }
  }

  private void move() throws SQLException {
    do {
      sql.number(MOVE);
      try {
        file.force(false);
      } catch (IOException e) {
        throw new SQLiteException("it cannot be synced: " + e, SQLITE_IOERR_FSYNC);
      }
    } while (!isLittleLeft());
  }

  /** Where the log must stay one is left open: the last to close would move and remove it. */
  private void closeConnection() {
    try {
      if (isLost()) {
        open();
      } else if (sql != null) {
        sql.close();
        sql = null;
      }
    } catch (SQLException | RuntimeException e) {
      sql = null;
    }
  }

  private synchronized boolean isLost() {
    return isLost;
  }

  private synchronized void failed(Exception e) {
    JournalException failure = Trouble.of("checkpoint", e);
    if (isOfSync(e)) {
      isLost = true;
      LOG.error(
          "{}. What was moved from the log into the journal's file may be lost there, so the log"
              + " (its -wal) is kept and grows from now on: look at the disk, then end all programs"
              + " that read the journal and start the daemon anew, which moves all of it once more",
          failure.getMessage());
      return;
    }
    long now = System.nanoTime();
    if (told.isEmpty() || now - told.get() >= QUIET) {
      told = Optional.of(now);
      LOG.warn(
          "{}. Nothing is lost, but until it succeeds the journal's log (its -wal) grows",
          failure.getMessage());
    }
  }

  private static boolean isOfSync(Exception e) {
    return e instanceof SQLiteException sqlite && sqlite.getResultCode() == SQLITE_IOERR_FSYNC;
  }

  private synchronized boolean isLittleLeft() {
    boolean little = pages < FEW;
    writersTurn = little;
    pages = 0;
    return little || closing;
  }

  /** False when there will be no more to do. */
  private synchronized boolean await() {
    while ((pages < every || isLost) && !closing) {
      try {
        wait();
      } catch (InterruptedException notOurWayToStop) {
        // end() ends this thread.
      }
    }
    pages = 0;
    return !closing;
  }

  /** Moves no more. */
  void end() {
    synchronized (this) {
      closing = true;
      notifyAll();
    }
    Threads.join(thread);
  }

  /**
   * Only when no connection to the file is open any more in this process: whoever closes a
   * descriptor of it frees SQLite's own locks (fcntl(2)).
   */
  @Override
  public void close() {
    end();
    try {
      file.close();
    } catch (IOException e) {
      // It was only synced through.
    }
  }
}
