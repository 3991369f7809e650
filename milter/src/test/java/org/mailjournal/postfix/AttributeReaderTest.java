package org.mailjournal.postfix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.mailjournal.journal.QueueId;

class AttributeReaderTest {
  private static final AttributeList TRACE =
      AttributeList.of(
          "nrequest",
          "5",
          "flags",
          "0",
          "queue_name",
          "active",
          "queue_id",
          "DEAE8232003",
          "encoding",
          "",
          "smtputf8",
          "0",
          "sender",
          "games@local.test",
          "envelope_id",
          "",
          "ret_flags",
          "0");

  @Example
  void aRequestIsReadByteByByteAndKeptAsItCame() throws IOException {
    AttributeList read = read(TRACE.wire()).orElseThrow();

    assertEquals(TRACE.values(), read.values());
    assertArrayEquals(TRACE.wire(), read.wire());
    Request request = Request.of(read).orElseThrow();
    assertEquals(Request.Command.TRACE, request.command());
    assertEquals(new QueueId("DEAE8232003"), request.queueId());
    assertEquals("games@local.test", request.sender());
  }

  @Example
  void postfix310RenamesAnAttributeAndNothingElseChanges() throws IOException {
    AttributeList list =
        AttributeList.of(
            "nrequest",
            "1",
            "flags",
            "4",
            "queue_name",
            "active",
            "queue_id",
            "4fK2Qm1Xz3zJ",
            "encoding",
            "",
            "sendopts",
            "256",
            "sender",
            "",
            "later",
            "unheard of");

    Request request = Request.of(read(list.wire()).orElseThrow()).orElseThrow();

    assertEquals(Request.Command.FLUSH, request.command());
    assertArrayEquals(list.wire(), request.attributes().wire());
  }

  @Example
  void aQueueIdThatIsAPathIsNoRequest() {
    for (String id : new String[] {"../passwd", "a/b", "", "a.b", "x-y", "ünicode"}) {
      AttributeList list = AttributeList.of("nrequest", "5", "queue_id", id);
      assertTrue(Request.of(list).isEmpty(), id);
    }
    assertTrue(
        Request.of(AttributeList.of("nrequest", "5", "queue_id", "A", "queue_name", ".."))
            .isEmpty());
  }

  @Example
  void minusOneIsReadAsPostfixWritesIt() {
    assertEquals(Optional.of(-1), AttributeList.of("status", "4294967295").number("status"));
    assertTrue(AttributeList.of("status", "what").number("status").isEmpty());
  }

  @Example
  void whatIsLongerOrMoreThanPostfixSendsIsRefused() {
    byte[] name = filled(AttributeReader.LONGEST_NAME + 1);
    byte[] value = filled(AttributeReader.LONGEST_VALUE + 3);
    value[1] = 0;
    byte[] many = new byte[2 * 2 * (AttributeReader.MOST_ATTRIBUTES + 1)];
    for (int i = 0; i < many.length; i += 2) {
      many[i] = 'a';
    }
    for (byte[] bytes : new byte[][] {name, value, many}) {
      assertThrows(IOException.class, () -> read(bytes));
    }
  }

  @Property(tries = 300, seed = "20261124")
  void anyBytesEndInAListOrAnErrorOrWaitForMore(@ForAll @Size(max = 300) byte[] bytes) {
    try {
      read(bytes).ifPresent(list -> assertTrue(list.values().size() <= 128));
    } catch (IOException refused) {
      assertTrue(refused.getMessage().startsWith("attribute protocol: expected"));
    }
  }

  private static byte[] filled(int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) 'a');
    return bytes;
  }

  private static Optional<AttributeList> read(byte[] bytes) throws IOException {
    AttributeReader reader = new AttributeReader();
    for (byte b : bytes) {
      Optional<AttributeList> list = reader.feed(b);
      if (list.isPresent()) {
        return list;
      }
    }
    return Optional.empty();
  }

  @Example
  void theGreetingIsToldFromAnAnswer() {
    assertEquals(
        "protocol\0delivery_status_protocol\0\0",
        new String(AttributeList.greeting().wire(), StandardCharsets.US_ASCII));
    assertTrue(AttributeList.greeting().isGreeting());
    assertTrue(!AttributeList.status(0).isGreeting());
  }
}
