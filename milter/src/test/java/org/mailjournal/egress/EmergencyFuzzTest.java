package org.mailjournal.egress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.mailjournal.FuzzCorpus;

/** Lines of the emergency file whose check sum holds, and lines as they are, to batches. */
class EmergencyFuzzTest {
  @TestFactory
  Stream<DynamicTest> corpus() {
    return FuzzCorpus.tests(EmergencyFuzzTest.class, EmergencyFuzzTest::fuzzerTestOneInput);
  }

  public static void fuzzerTestOneInput(byte[] input) {
    check(new String(input, StandardCharsets.ISO_8859_1));
    CRC32 sum = new CRC32();
    sum.update(input);
    String content = Base64.getEncoder().encodeToString(input);
    check("1 " + Long.toHexString(sum.getValue()) + " " + content);
  }

  private static void check(String line) {
    Optional<Batch> batch = BatchCodec.batch(line);
    batch.ifPresent(one -> assertEquals(batch, BatchCodec.batch(BatchCodec.line(one))));
  }
}
