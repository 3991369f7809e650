package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run waits for before it is judged. */
class TortureRestTest {
  @TempDir private Path directory;

  @Test
  void outcomesThatTheJournalHasNotTakenYetAreWaitedFor() throws IOException {
    Path emergency = directory.resolve("emergency");
    assertTrue(TortureRest.isBlank(emergency), "no relay, no file");

    Files.writeString(emergency, "\n\n\n");
    assertTrue(TortureRest.isBlank(emergency), "its room");

    Files.writeString(emergency, "\n\nAAEC 1f\n");
    assertFalse(TortureRest.isBlank(emergency), "an outcome");
  }
}
