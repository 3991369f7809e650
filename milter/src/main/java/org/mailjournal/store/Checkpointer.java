package org.mailjournal.store;

import java.sql.SQLException;

/**
 * Moves pages from the write-ahead log into the database beside the writer, so that nobody's commit
 * waits for it. It never holds the writer up (a passive checkpoint takes no writer's lock), and so
 * never empties the log while commits follow each other without a pause: for that the writer's
 * connection has an automatic checkpoint of its own, which then finds little left to move.
 *
 * <p>A failure here is no news: the log grows, and the writer's own checkpoint meets the same
 * failure and reports it.
 */
final class Checkpointer implements AutoCloseable {
  /**
   * Pages that went into the log between two checkpoints, by the estimate below: 96 MiB. While one
   * is synced every commit waits for the disk, so they are to be rare; and the more commits one
   * takes together, the fewer pages it writes, for many of them touch the same.
   */
  private static final int EVERY = 49_152;

  private static final int PAGES_PER_COMMIT = 6;
  private static final int PAGES_PER_EVENT = 3;

  private final Writer.Opener opener;
  private final Thread thread;
  private int pages;
  private boolean closing;

  Checkpointer(Writer.Opener opener) {
    this.opener = opener;
    this.thread = new Thread(this::run, "journal-checkpoint");
    thread.start();
  }

  /** Never blocks for longer than it takes to count. */
  synchronized void committed(int events) {
    pages += PAGES_PER_COMMIT + PAGES_PER_EVENT * events;
    if (pages >= EVERY) {
      notifyAll();
    }
  }

  private void run() {
    while (await()) {
      try (Sql sql = opener.open()) {
        do {
          sql.number("PRAGMA wal_checkpoint(PASSIVE)");
        } while (await());
      } catch (SQLException | RuntimeException e) {
        // The writer meets it too, and tells. The next time opens the file anew.
      }
    }
  }

  /**
   * False when there will be no more to do. What came while a checkpoint ran does not count, so
   * that the writer finds a moment for its own, which two at once cannot have.
   */
  private synchronized boolean await() {
    pages = 0;
    while (pages < EVERY && !closing) {
      try {
        wait();
      } catch (InterruptedException notOurWayToStop) {
        // close() ends this thread.
      }
    }
    return !closing;
  }

  @Override
  public void close() {
    synchronized (this) {
      closing = true;
      notifyAll();
    }
    Threads.join(thread);
  }
}
