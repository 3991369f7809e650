package org.mailjournal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

class CheckpointerTest {
  @TempDir Path directory;

  @Test
  void theLogBeginsAnewWhileCommitsFollowEachOtherWithoutAPause() throws Exception {
    Settings settings = settings();
    SqliteJournal.open(settings).close();
    Database database = new Database(settings);
    try (Checkpointer checkpointer = Checkpointer.of(settings.file(), database::writer, 500);
        Mark mark = mark(settings, database);
        Writer writer = new Writer(settings, database::writer, mark, checkpointer)) {
      long longest = 0;
      for (int i = 0; i < 3000; i++) {
        writer.record(List.of(Mails.realistic(i, Mails.NOON.plusMillis(i)))).join();
        longest = Math.max(longest, Files.size(directory.resolve("journal.db-wal")));
      }
      // Without a new beginning 3,000 commits make 90 MB.
      assertTrue(longest < 40_000_000, longest + " octets of log");
      checkpointer.end();
    }
    assertEquals(List.of(), SqliteJournal.verify(settings));
  }

  @Test
  void aFailureIsToldOnceAMinuteAndStopsNoMail() throws Exception {
    Settings settings = settings();
    SqliteJournal.open(settings).close();
    Database database = new Database(settings);
    CountDownLatch tried = new CountDownLatch(3);
    Writer.Opener refused =
        () -> {
          tried.countDown();
          throw new SQLiteException("not permitted", SQLiteErrorCode.SQLITE_READONLY);
        };
    Sql closed = database.writer();
    closed.close();
    String log =
        logOf(
            () -> {
              try (Checkpointer checkpointer = Checkpointer.of(settings.file(), refused, 1);
                  Mark mark = mark(settings, database);
                  Writer writer = new Writer(settings, database::recorder, mark, checkpointer)) {
                for (int i = 0; tried.getCount() > 0; i++) {
                  writer.record(List.of(Mails.realistic(i, Mails.NOON.plusMillis(i)))).join();
                }
                checkpointer.moveTheRest(closed);
              }
            });
    assertEquals(1, log.lines().filter(line -> line.contains("WARN")).count(), log);
    assertTrue(log.contains("journal checkpoint: the file cannot be opened or written"), log);
    assertTrue(log.contains("look at the rights"), log);
  }

  @Test
  void behindASyncThatFailedTheLogStaysAsItIs() throws Exception {
    Settings settings = settings();
    SqliteJournal.open(settings).close();
    Database database = new Database(settings);
    FileChannel dead = FileChannel.open(settings.file());
    dead.close();
    String log =
        logOf(
            () -> {
              try (Checkpointer checkpointer = new Checkpointer(database::recorder, 500, dead);
                  Mark mark = mark(settings, database);
                  Writer writer = new Writer(settings, database::recorder, mark, checkpointer)) {
                for (int i = 0; i < 1500; i++) {
                  writer.record(List.of(Mails.realistic(i, Mails.NOON.plusMillis(i)))).join();
                }
                checkpointer.end();
              }
            });
    assertEquals(1, log.lines().filter(line -> line.contains("ERROR")).count(), log);
    // All that was written since.
    assertTrue(Files.size(directory.resolve("journal.db-wal")) > 20_000_000);
    assertEquals(List.of(), SqliteJournal.verify(settings));
    try (SqliteJournal journal = SqliteJournal.open(settings)) {
      assertEquals(1500, journal.eventsAfter(0, 2000).size());
    }
  }

  private interface Doing {
    void run() throws Exception;
  }

  /** Without what is left of other tests, which may have its say meanwhile. */
  private static String logOf(Doing doing) throws Exception {
    PrintStream usual = System.err;
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    try {
      doing.run();
    } finally {
      System.setErr(usual);
    }
    return log.toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.contains("] Checkpointer - "))
        .collect(Collectors.joining("\n"));
  }

  private Settings settings() {
    return Settings.of("jdbc:sqlite:" + directory.resolve("journal.db"));
  }

  private static Mark mark(Settings settings, Database database) throws Exception {
    try (Sql sql = database.writer()) {
      return Mark.open(settings.file(), sql);
    }
  }
}
