package org.mailjournal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mailjournal.journal.Rebuilt;

/** What an administrator does with the journal's file. */
class StoreCommandsTest {
  @TempDir private Path directory;
  private Terminal terminal;

  @BeforeEach
  void sit() {
    terminal = new Terminal(directory);
  }

  @Test
  void verifyNamesEveryProblem() {
    assertEquals(0, terminal.type("verify"));
    assertTrue(terminal.out().contains("sound"), terminal.out());

    terminal.findingInTheJournal("file: page 7 is never used", "event 9: ends in its head");

    assertEquals(3, terminal.type("verify"));
    assertEquals("file: page 7 is never used\nevent 9: ends in its head\n", terminal.out());
  }

  @Test
  void backupSaysWhatItCopied() {
    assertEquals(0, terminal.type("backup", "/var/backups/journal.db"));
    assertEquals("Copied 1234 events to /var/backups/journal.db.\n", terminal.out());
    assertEquals(2, terminal.type("backup"));
  }

  @Test
  void rebuildSaysHowMuchItRead() {
    assertEquals(0, terminal.type("rebuild"));
    assertEquals("Rebuilt from 1234 events.\n", terminal.out());
  }

  @Test
  void rebuildSaysWhatItCouldNotRead() {
    terminal.rebuilding(new Rebuilt(1234, 1));

    assertEquals(0, terminal.type("rebuild"));
    assertEquals(
        "Rebuilt from 1234 events.\nNot readable, and left out: 1 event; see journal verify.\n",
        terminal.out());
  }
}
