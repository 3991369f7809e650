package org.mailjournal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.mailjournal.FuzzCorpus;
import org.mailjournal.journal.Event;

/**
 * Stored bodies whose check sum holds although they are none, to events. Of the versions before the
 * present ones, which differ in nothing but that sum.
 */
class EventBodyFuzzTest {
  private static final int HEAD = 5;
  private static final Place PLACE = new Place(1, OptionalLong.of(1L << 40));

  /** Knows every number, so that a body is not refused for its words alone. */
  private static final class AnyWords implements Words {
    @Override
    public long number(String text) {
      return Long.parseLong(text);
    }

    @Override
    public String text(long number) {
      return Long.toString(number);
    }
  }

  @TestFactory
  Stream<DynamicTest> corpus() {
    return FuzzCorpus.tests(EventBodyFuzzTest.class, EventBodyFuzzTest::fuzzerTestOneInput);
  }

  public static void fuzzerTestOneInput(byte[] input) {
    byte[] body = sealed(input);
    try (EventCodec codec = new EventCodec(new AnyWords())) {
      Event event = codec.decode(body, PLACE, Optional.empty());
      assertEquals(event.at(), codec.at(body, PLACE));
    } catch (MalformedBody refused) {
      // As it should be.
    }
  }

  private static byte[] sealed(byte[] input) {
    byte[] body = input.clone();
    if (body.length >= HEAD) {
      CRC32C sum = new CRC32C();
      sum.update(body, HEAD, body.length - HEAD);
      for (int i = 0; i < 4; i++) {
        body[1 + i] = (byte) (sum.getValue() >>> (8 * i));
      }
    }
    return body;
  }
}
