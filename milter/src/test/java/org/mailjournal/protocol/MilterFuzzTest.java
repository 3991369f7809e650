package org.mailjournal.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.mailjournal.FuzzCorpus;

/** Octets of an MTA behind its offer, to what sessions hear. */
class MilterFuzzTest {
  @TestFactory
  Stream<DynamicTest> corpus() {
    return FuzzCorpus.tests(MilterFuzzTest.class, MilterFuzzTest::fuzzerTestOneInput);
  }

  public static void fuzzerTestOneInput(byte[] input) {
    Peer fast = new Peer();
    fast.feed(input);
    Peer slow = new Peer();
    for (byte octet : input) {
      slow.feed(new byte[] {octet});
    }
    fast.assertNothingIsLeft();
    slow.assertNothingIsLeft();
    assertEquals(fast.witness().heard(), slow.witness().heard());
  }
}
