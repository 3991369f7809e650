package org.mailjournal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointerTest {
  @TempDir Path directory;

  @Test
  void theLogBeginsAnewWhileCommitsFollowEachOtherWithoutAPause() throws Exception {
    Settings settings = Settings.of("jdbc:sqlite:" + directory.resolve("journal.db"));
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

  private static Mark mark(Settings settings, Database database) throws Exception {
    try (Sql sql = database.writer()) {
      return Mark.open(settings.file(), sql);
    }
  }
}
