package org.mailjournal.receipt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.mailjournal.FuzzCorpus;
import org.mailjournal.journal.Bytes;

/** Copies of messages as people keep them, to hashes. */
class MessageCopyFuzzTest {
  private static final Path FILE = FuzzCorpus.file("copy");
  private static final Bytes NONE = Bytes.head(new byte[32], 32);

  @TestFactory
  Stream<DynamicTest> corpus() {
    return FuzzCorpus.tests(MessageCopyFuzzTest.class, MessageCopyFuzzTest::fuzzerTestOneInput);
  }

  public static void fuzzerTestOneInput(byte[] input) {
    FuzzCorpus.put(FILE, input);
    try {
      MessageCopy copy = MessageCopy.read(FILE);
      assertTrue(!copy.hasBody(NONE), "a hash that no body has");
      assertEquals(Optional.<Set<String>>empty(), copy.withHeader(NONE));
    } catch (EvidenceException refused) {
      assertTrue(refused.getMessage().startsWith("evidence read: "), refused.getMessage());
    }
  }
}
