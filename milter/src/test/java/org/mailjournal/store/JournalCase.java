package org.mailjournal.store;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Each test has a journal of its own, open as the daemon has it. */
abstract class JournalCase {
  @TempDir Path directory;
  Settings settings;
  SqliteJournal journal;

  @BeforeEach
  void open() {
    settings = Settings.of("jdbc:sqlite:" + directory.resolve("journal.db"));
    journal = SqliteJournal.open(settings);
  }

  @AfterEach
  void close() {
    journal.close();
  }
}
