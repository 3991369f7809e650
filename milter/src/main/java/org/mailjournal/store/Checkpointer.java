package org.mailjournal.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;

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
 * <p>A failure here is no news: the log grows, and the writer's own checkpoint meets the same
 * failure and reports it.
 */
final class Checkpointer implements Writer.Aftermath, AutoCloseable {
  /**
   * Pages that went into the log between two checkpoints, by the estimate below: 96 MiB. While one
   * is synced every commit waits for the disk, so they are to be rare; and the more commits one
   * takes together, the fewer pages it writes, for many of them touch the same.
   */
  private static final int EVERY = 49_152;

  /** So many that came meanwhile are left to the writer; if more came, they are moved here, too. */
  private static final int FEW = 2048;

  private static final int PAGES_PER_COMMIT = 6;
  private static final int PAGES_PER_EVENT = 3;

  private final Writer.Opener opener;
  private final int every;
  private final FileChannel file;
  private final Thread thread;
  private int pages;
  private boolean writersTurn;
  private boolean closing;

  private Checkpointer(Writer.Opener opener, int every, FileChannel file) {
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
    pages += PAGES_PER_COMMIT + PAGES_PER_EVENT * events;
    if (pages >= every) {
      notifyAll();
    }
    boolean turn = writersTurn;
    writersTurn = false;
    return turn;
  }

  private void run() {
    while (await()) {
      try (Sql sql = opener.open()) {
        do {
          move(sql);
        } while (await());
      } catch (SQLException | IOException | RuntimeException e) {
        // The writer meets it too, and tells. The next time opens the file anew.
      }
    }
  }

  private void move(Sql sql) throws SQLException, IOException {
    do {
      sql.number("PRAGMA wal_checkpoint(PASSIVE)");
      file.force(false);
    } while (!isLittleLeft());
  }

  private synchronized boolean isLittleLeft() {
    // If no end comes of it the writer's automatic checkpoint does.
    boolean little = pages < FEW;
    writersTurn = little;
    pages = 0;
    return little || closing;
  }

  /** False when there will be no more to do. */
  private synchronized boolean await() {
    while (pages < every && !closing) {
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
