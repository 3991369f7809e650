package org.mailjournal.receipt;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.mailjournal.FuzzCorpus;

/** What somebody signed, who may be anybody, to what is printed of it. */
class EvidenceDocumentFuzzTest {
  private static final List<String> NAMES =
      List.of("mta", "message_id", "sender", "received_at", "queue_id", "program", "host");

  @TestFactory
  Stream<DynamicTest> corpus() {
    return FuzzCorpus.tests(
        EvidenceDocumentFuzzTest.class, EvidenceDocumentFuzzTest::fuzzerTestOneInput);
  }

  public static void fuzzerTestOneInput(byte[] input) {
    EvidenceDocument.in(input)
        .ifPresent(
            document -> {
              NAMES.forEach(document::text);
              document.digest();
              document.outcomes();
            });
  }
}
