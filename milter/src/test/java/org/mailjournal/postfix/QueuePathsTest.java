package org.mailjournal.postfix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mailjournal.journal.QueueId;

class QueuePathsTest {
  @TempDir Path directory;

  @Test
  void onlyTheNamedQueuesAreHashed() {
    assertEquals("defer/D/DEAE8232003", path("deferred, defer", 1, "defer", "DEAE8232003"));
    assertEquals("trace/DEAE8232003", path("deferred, defer", 1, "trace", "DEAE8232003"));
    assertEquals("active/D/E/DEAE8232003", path("Active defer", 2, "active", "DEAE8232003"));
  }

  @Test
  void longIdsAreHashedByTheirMicroseconds() {
    // Seen on Postfix 3.7.11 with enable_long_queue_ids: MV4rx before no separator, A from 6zJ...
    assertEquals("defer/A/4jYbMV4rx6zJHyB", path("defer", 1, "defer", "4jYbMV4rx6zJHyB"));
  }

  @Test
  void aNameShorterThanTheDepthIsFilledWithUnderscores() {
    assertEquals("defer/A/B/_/AB", path("defer", 3, "defer", "AB"));
  }

  @Test
  void aFileThatLiesAtAnotherDepthIsFound() throws IOException {
    Files.createDirectories(directory.resolve("deferred/D/E"));
    Files.createFile(directory.resolve("deferred/D/E/DEAE8232003"));

    assertEquals("deferred/D/E/DEAE8232003", path("deferred", 1, "deferred", "DEAE8232003"));
  }

  @Test
  void theVersionDecidesWhoSpeaksFirst() {
    for (String version : new String[] {"3.6.0", "3.7.11", "3.10.1", "4.0", "no version"}) {
      assertTrue(greets(version), version);
    }
    for (String version : new String[] {"3.5.25", "3.4.23", "2.11.0"}) {
      assertFalse(greets(version), version);
    }
    assertTrue(Settings.of(directory).greets());
  }

  @Test
  void aDepthThatPostfixRefusesIsRefused() {
    assertThrows(TapException.class, () -> Settings.of(directory).withHashing("defer", 0));
  }

  private boolean greets(String version) {
    return Settings.of(directory).withInstance(Optional.of(version), Set.of()).greets();
  }

  private String path(String names, int depth, String queue, String id) {
    Settings settings = Settings.of(directory).withHashing(names, depth);
    Path path = new QueuePaths(settings).of(queue, new QueueId(id));
    return directory.relativize(path).toString();
  }
}
