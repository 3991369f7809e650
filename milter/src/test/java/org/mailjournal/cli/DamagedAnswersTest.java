package org.mailjournal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mailjournal.journal.Asked;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.store.Settings;
import org.mailjournal.store.SqliteJournal;

/** Three messages, and a bit of the second one's only event that the disk changed. */
@Timeout(120)
class DamagedAnswersTest {
  private static final String LEFT_OUT =
      "journal: damaged, and left out: a message of 2026-11-24T0";

  private JournalReader reader;
  private Terminal terminal;

  @BeforeEach
  void damage(@TempDir Path directory) throws Exception {
    String url = "jdbc:sqlite:" + directory.resolve("journal.db");
    try (SqliteJournal journal = SqliteJournal.open(Settings.of(url))) {
      for (String id : List.of("A1", "B2", "C3")) {
        journal.record(List.of(received(id))).get();
      }
    }
    try (Connection other = DriverManager.getConnection(url);
        Statement sql = other.createStatement()) {
      sql.execute(
          "UPDATE event SET body = CAST(substr(body, 1, 20) || x'FF' || substr(body, 22) AS BLOB)"
              + " WHERE sequence = 2");
    }
    reader = SqliteJournal.openReadOnly(Settings.of(url));
    terminal = new Terminal(directory).over(reader);
  }

  @AfterEach
  void close() {
    reader.close();
  }

  private static Event received(String id) {
    MessageKey key = Sample.key(id, "2026-11-24T09:00:0" + id.charAt(1) + "Z");
    return Sample.received(
        key, List.of(), List.of(Sample.accepted("ann@example.com", Asked.DEFAULT, "esmtp")));
  }

  @Test
  void theOthersAreFoundAndItIsSaidThatOneIsLeftOut() {
    assertEquals(3, terminal.type("find", "ann@example.com"));

    assertTrue(terminal.out().contains("  C3  "), terminal.out());
    assertTrue(terminal.out().contains("  A1  "), terminal.out());
    assertFalse(terminal.out().contains("  B2  "), terminal.out());
    assertTrue(terminal.err().startsWith(LEFT_OUT), terminal.err());
    assertTrue(terminal.err().contains("left out of this answer: 1; 'journal verify' names all"));
  }

  @Test
  void anAnswerThatMeetsNoDamageIsWhole() {
    assertEquals(0, terminal.type("find", "C3"), terminal.err());
    assertEquals("", terminal.err());
  }

  @Test
  void theOthersAreCounted() {
    assertEquals(3, terminal.type("stats", "--json"));

    assertTrue(terminal.out().startsWith("{\"messages\":2,"), terminal.out());
    assertTrue(terminal.err().startsWith(LEFT_OUT), terminal.err());
  }

  @Test
  void tailGoesOnBehindIt() {
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    OutputStream untilTheLast =
        new OutputStream() {
          @Override
          public void write(int octet) throws IOException {
            seen.write(octet);
            if (seen.toString(StandardCharsets.UTF_8).contains(" C3 ")) {
              throw new IOException("nobody reads on");
            }
          }
        };
    Context context = terminal.context(new PrintStream(untilTheLast, true, StandardCharsets.UTF_8));

    terminal.program(context, true).run("tail", "--since", "1d");

    assertTrue(seen.toString(StandardCharsets.UTF_8).contains(" A1 "), seen::toString);
    assertTrue(terminal.err().contains("damaged, and left out: event 2"), terminal.err());
  }

  /** Nothing is known of what it says, so it is not told in part. */
  @Test
  void itselfIsNotShown() {
    assertEquals(3, terminal.type("show", "B2"));
    assertTrue(terminal.err().contains("the journal's file is damaged"), terminal.err());
  }
}
