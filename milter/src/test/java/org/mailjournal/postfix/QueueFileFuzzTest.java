package org.mailjournal.postfix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.mailjournal.FuzzCorpus;

/** Queue files, whose pointers can lead anywhere, to envelopes. */
class QueueFileFuzzTest {
  private static final Path FILE = FuzzCorpus.file("queue");

  @TestFactory
  Stream<DynamicTest> corpus() {
    return FuzzCorpus.tests(QueueFileFuzzTest.class, QueueFileFuzzTest::fuzzerTestOneInput);
  }

  public static void fuzzerTestOneInput(byte[] input) {
    FuzzCorpus.put(FILE, input);
    try {
      QueueFile file = QueueFileReader.envelope(FILE);
      assertEquals(file.arrival(), QueueFileReader.envelope(FILE).arrival());
      QueueFileReader.arrival(FILE)
          .ifPresent(early -> assertEquals(early, file.arrival().orElse(early)));
    } catch (IOException refused) {
      assertTrue(refused.getMessage().startsWith("queue file: "), refused.getMessage());
    }
    try {
      QueueFileReader.messageId(FILE)
          .ifPresent(id -> assertTrue(id.text().length() <= 2 * input.length));
    } catch (IOException refused) {
      assertTrue(refused.getMessage().startsWith("queue file: "), refused.getMessage());
    }
  }
}
