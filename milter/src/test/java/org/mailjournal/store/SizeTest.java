package org.mailjournal.store;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mailjournal.journal.Event;

class SizeTest {
  private static final int MESSAGES = 10_000;
  private static final int PER_REQUEST = 100;

  @TempDir Path directory;

  @Test
  void aMessageWithOneRecipientTakesAtMost450BytesIndexesIncluded() throws Exception {
    Path file = directory.resolve("journal.db");
    try (SqliteJournal journal = SqliteJournal.open(Settings.of("jdbc:sqlite:" + file))) {
      for (int i = 0; i < MESSAGES; i += PER_REQUEST) {
        List<Event> events = new ArrayList<>();
        for (int j = i; j < i + PER_REQUEST; j++) {
          Event.Received mail = Mails.realistic(j, Mails.NOON.plusMillis(20L * j));
          events.add(mail);
          events.add(Mails.realisticOutcome(mail, j));
        }
        journal.record(events).get();
      }
    }
    long perMessage = Files.size(file) / MESSAGES;
    assertTrue(perMessage <= 450, perMessage + " bytes per message");
  }
}
