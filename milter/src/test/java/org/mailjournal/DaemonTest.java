package org.mailjournal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mailjournal.cli.CommandLineProgram;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.store.Settings;
import org.mailjournal.store.SqliteJournal;

class DaemonTest {
  @TempDir Path directory;

  @Test
  void itsLongestEndLeavesTimeToCloseTheJournalWithin30Seconds() {
    assertTrue(Daemon.LONGEST_DRAIN.compareTo(Duration.ofSeconds(25)) <= 0);
  }

  /** systemd starts it again every second for as long as it is so. */
  @Test
  void aStartThatFindsItsPlaceTakenLeavesNothingInTheJournal() throws IOException {
    String store = "jdbc:sqlite:" + directory.resolve("journal.db");
    Path postfix = Files.createDirectories(directory.resolve("postfix/private")).getParent();
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Path file =
          Files.writeString(
              directory.resolve("journal.conf"),
              """
              milter.listen = "inet:%d@127.0.0.1"
              postfix.queue-directory = "%s"
              store.url = "%s"
              """
                  .formatted(taken.getLocalPort(), postfix, store));

      assertEquals(CommandLineProgram.JOURNAL, run("--config", file.toString(), said));
    }

    assertTrue(said.toString(StandardCharsets.UTF_8).contains("cannot be had"), said::toString);
    assertEquals(List.of(), List.of(postfix.resolve("private").toFile().list()));
    try (JournalReader journal = SqliteJournal.openReadOnly(Settings.of(store))) {
      assertEquals(List.of(), journal.eventsAfter(0, 10));
    }
  }

  private static int run(String option, String file, ByteArrayOutputStream said) {
    PrintStream err = new PrintStream(said, true, StandardCharsets.UTF_8);
    return Main.run(new String[] {"run", option, file}, err, err, false);
  }
}
