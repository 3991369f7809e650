package org.mailjournal.postfix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.mailjournal.FuzzCorpus;

/** What qmgr says to one of our services, to a request. */
class AttributesFuzzTest {
  @TestFactory
  Stream<DynamicTest> corpus() {
    return FuzzCorpus.tests(AttributesFuzzTest.class, AttributesFuzzTest::fuzzerTestOneInput);
  }

  public static void fuzzerTestOneInput(byte[] input) {
    try {
      read(input).ifPresent(list -> check(input, list));
    } catch (IOException refused) {
      assertTrue(refused.getMessage().startsWith("attribute protocol: "), refused.getMessage());
    }
  }

  private static Optional<AttributeList> read(byte[] input) throws IOException {
    AttributeReader reader = new AttributeReader();
    for (byte octet : input) {
      Optional<AttributeList> list = reader.feed(octet);
      if (list.isPresent()) {
        return list;
      }
    }
    return Optional.empty();
  }

  private static void check(byte[] input, AttributeList list) {
    byte[] wire = list.wire();
    assertArrayEquals(Arrays.copyOf(input, wire.length), wire);
    assertTrue(wire.length <= AttributeReader.LONGEST_LIST);
    assertTrue(list.values().size() <= AttributeReader.MOST_ATTRIBUTES);
    try {
      assertEquals(list.values(), read(wire).orElseThrow().values());
    } catch (IOException its) {
      throw new AssertionError("what was read once is refused", its);
    }
    list.values().keySet().forEach(list::number);
    list.isGreeting();
    Request.of(list).ifPresent(AttributesFuzzTest::check);
  }

  /** Its names become names of files. */
  private static void check(Request request) {
    String place = request.queueName() + "/" + request.queueId().text();
    assertTrue(place.matches("[0-9A-Za-z]+/[0-9A-Za-z_]+"), place);
    request.isVerification();
    request.recordsEverything();
    request.clearsDelays();
    Quoting.internal(Quoting.external(request.sender()));
  }
}
