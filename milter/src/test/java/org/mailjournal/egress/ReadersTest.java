package org.mailjournal.egress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

final class ReadersTest {
  /** Gives its bytes in pieces of a size. */
  private static InputStream inPieces(String text, int size) {
    byte[] bytes = text.getBytes(ISO_8859_1);
    return new ByteArrayInputStream(bytes) {
      @Override
      public int read(byte[] into, int from, int length) {
        return super.read(into, from, Math.min(length, size));
      }
    };
  }

  private static String outcome(String text, int size) {
    ReplyReader reader = new ReplyReader(new LineReader(inPieces(text, size), 64));
    try {
      Answer answer = reader.read();
      return answer.code() + " " + new String(answer.raw().toArray(), ISO_8859_1);
    } catch (IOException bad) {
      return bad.getClass().getSimpleName();
    }
  }

  @Provide
  Arbitrary<String> hostileReplies() {
    return Arbitraries.of(
            "250",
            "-",
            " ",
            "\r\n",
            "\r",
            "\n",
            "\0",
            "5",
            "text",
            "250-a\r\n",
            "250 b\r\n",
            "\u00e9")
        .list()
        .ofMaxSize(12)
        .map(parts -> String.join("", parts));
  }

  @Property(tries = 500, seed = "3")
  void aReplyIsTheSameWholeAndByteByByte(@ForAll("hostileReplies") String text) {
    assertEquals(outcome(text, 1000), outcome(text, 1));
  }

  @Property(tries = 500, seed = "3")
  void aReplyIsPassedOnAsItCameOrNotAtAll(@ForAll("hostileReplies") String text) {
    String outcome = outcome(text, 1000);
    assertTrue(outcome.endsWith("Exception") || text.startsWith(outcome.substring(4)), outcome);
    assertTrue(!outcome.replace("\r\n", "").matches("(?s).*[\r\n\0].*"), outcome);
  }

  @Example
  void repliesComeOneByOne() throws IOException {
    ReplyReader reader =
        new ReplyReader(new LineReader(inPieces("250-a\r\n250 b\r\n354\r\n", 7), 64));
    assertEquals("250-a\n250 b", reader.read().text());
    assertEquals(354, reader.read().code());
    assertThrows(EOFException.class, reader::read);
  }

  @Example
  void aLineIsAsLongAsAllowedAndNoLonger() {
    String longest = "250 " + "x".repeat(60);
    assertEquals("250 " + longest + "\r\n", outcome(longest + "\r\n", 9));
    assertEquals("250 " + longest + "\r\n", outcome(longest + "x\r\n", 9));
    assertEquals("BadLineException", outcome(longest + "x\n\r\n", 9));
    assertEquals("BadLineException", outcome(longest + "x".repeat(20_000) + "\r\n", 9));
  }

  @Provide
  Arbitrary<String> contents() {
    return Arbitraries.of("\r\n", ".", "a", "..", "\r\n.", "\r", "\n", "\r\n.\r\n", "\0", "\u00ff")
        .list()
        .ofMaxSize(14)
        .map(parts -> String.join("", parts));
  }

  /** What the RFC says, in the simplest way. */
  private static int expectedEnd(String text) {
    int end = ("\r\n" + text).indexOf("\r\n.\r\n");
    return end < 0 ? -1 : end + 3;
  }

  @Property(tries = 1000, seed = "3")
  void contentEndsWhereTheRfcSaysAndLeavesTheRest(
      @ForAll("contents") String text, @ForAll @IntRange(min = 1, max = 8192) int size)
      throws IOException {
    InputStream in = new BufferedInputStream(inPieces(text, size), 16);
    ContentReader reader = new ContentReader(in);
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    int length;
    while ((length = reader.next()) > 0) {
      content.write(reader.block(), 0, length);
    }
    int end = expectedEnd(text);
    String expected = end < 0 ? text : text.substring(0, end);
    assertEquals(end >= 0, reader.hasEnded());
    assertArrayEquals(expected.getBytes(ISO_8859_1), content.toByteArray());
    assertEquals(hasBareLineEnd(expected), reader.isBroken());
    if (end >= 0) {
      assertEquals(text.substring(end), new String(in.readAllBytes(), ISO_8859_1));
      assertEquals(unstuffed(expected).length(), reader.size());
    }
  }

  /** A CR at the very end of what came may still get its LF. */
  private static boolean hasBareLineEnd(String text) {
    String rest = text.replaceAll("\r\\z", "").replace("\r\n", "");
    return rest.indexOf('\r') >= 0 || rest.indexOf('\n') >= 0;
  }

  private static String unstuffed(String content) {
    String body = content.substring(0, content.length() - 3);
    return ("\r\n" + body).replace("\r\n.", "\r\n").substring(2);
  }

  @Example
  void ourTopmostReceivedFieldNamesTheMessageAndTheOthersItsTrail() {
    String text =
        String.join(
            "\r\n",
            "Received: by filter.example id F1; x",
            "RECEIVED: from x (by mail.example.org id E1) by",
            " Mail.Example.Org (8.17) id Q1",
            "Received: by mail.example.org id Q0; x",
            "Message-Id:",
            " <m@x>",
            "",
            "Received: by mail.example.org id BODY");
    HeaderSection header = new HeaderSection();
    byte[] bytes = text.getBytes(ISO_8859_1);
    IntStream.range(0, bytes.length).forEach(i -> header.add(new byte[] {bytes[i]}, 1));
    HeaderSection.Facts facts = header.facts(Set.of("mail.example.org"));
    assertEquals("Q1", facts.own().get().queueId().text());
    assertEquals("Mail.Example.Org", facts.own().get().mta());
    assertEquals(List.of("F1", "Q0"), facts.trail().stream().map(q -> q.text()).toList());
    assertEquals("m@x", facts.messageId().get().text());
  }

  @Property(tries = 200, seed = "3")
  void anyHeaderIsRead(@ForAll String text) {
    HeaderSection header = new HeaderSection();
    byte[] bytes = ("Received: " + text + "\r\nReceived:" + text).getBytes(ISO_8859_1);
    header.add(bytes, bytes.length);
    assertEquals(Optional.empty(), header.facts(Set.of("us")).own());
  }

  @Property(tries = 200, seed = "3")
  void anyLineOfTheEmergencyFileIsRead(@ForAll String text) {
    assertTrue(BatchCodec.batch(text).isEmpty());
    assertTrue(BatchCodec.batch("1 0 " + text).filter(b -> !b.outcomes().isEmpty()).isEmpty());
  }

  private static HeaderSection.Facts facts(String fieldsBeforeTheName) {
    String text =
        "Received: by mail.example.org id Q1; x\r\n"
            + fieldsBeforeTheName
            + "Message-ID:\r\n <m@x>\r\n\r\nReceived: by mail.example.org id BODY\r\n";
    HeaderSection header = new HeaderSection();
    header.add(text.getBytes(ISO_8859_1), text.length());
    return header.facts(Set.of("mail.example.org"));
  }

  @Example
  void theNameIsFoundBehindAnyNumberOfFields() {
    for (String field : List.of("X-Note: ", "Received: by x.example; ")) {
      HeaderSection.Facts facts = facts((field + "y".repeat(60) + "\r\n").repeat(5_000));
      assertEquals("Q1", facts.own().get().queueId().text());
      assertEquals("m@x", facts.messageId().get().text());
      assertEquals(List.of(), facts.trail());
    }
  }
}
