package org.mailjournal.postfix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mailjournal.postfix.Fixtures.join;
import static org.mailjournal.postfix.Fixtures.record;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.mailjournal.journal.MessageId;

class QueueFileReaderTest {
  @Example
  void aRealQueueFileHasItsEnvelope() throws IOException {
    for (String kind : List.of("short", "long")) {
      QueueFile file = envelope(Fixtures.bytes(kind + "/queue"));

      assertEquals("games@local.test", file.sender());
      assertTrue(file.arrival().orElseThrow().isAfter(Instant.parse("2026-11-24T08:00:00Z")));
      assertEquals(
          List.of(
              "one@ok.example done",
              "\"two words\"@ok.example done",
              "Three@later.example",
              "a@ok.example of team@alias.example done",
              "b@ok.example of team@alias.example done",
              "\"q<x\"@later.example"),
          file.recipients().stream().map(QueueFileReaderTest::words).toList());
    }
  }

  @Example
  void theMessageIdStandsInTheContentsHeader() throws IOException {
    Optional<MessageId> id = with(Fixtures.bytes("short/queue"), QueueFileReader::messageId);

    assertEquals(Optional.of(new MessageId("4B618D6A.2070804@local.test")), id);
  }

  @Example
  void pointersLeadToRecipientsBehindTheMessage() throws IOException {
    // A milter added late@x: its records stand behind the end, and point back.
    byte[] size = record('C', "%15d %15d %15d".formatted(0, 0, 2));
    byte[] head = join(record('T', "1700000000 999999"), record('S', "s@x"), record('R', "a@x"));
    byte[] pointer = record('p', "%15d".formatted(0));
    byte[] mesg = record('M', "");
    byte[] content = join(record('N', "Subject: x"), record('p', "%15d".formatted(0)));
    byte[] extra = join(record('X', ""), record('E', ""));
    int dataOffset = size.length + head.length + pointer.length + mesg.length;
    int heap = dataOffset + content.length + extra.length;
    byte[] file =
        join(
            record('C', "%15d %15d %15d".formatted(content.length, dataOffset, 2)),
            head,
            record('p', "%15d".formatted(heap)),
            mesg,
            content,
            extra,
            record('O', "Late@x"),
            record('R', "late@x"),
            record('p', "%15d".formatted(dataOffset - mesg.length)));

    QueueFile read = envelope(file);

    assertEquals(Optional.of(Instant.parse("2023-11-14T22:13:20.999Z")), read.arrival());
    assertEquals(
        List.of("a@x", "late@x"), read.recipients().stream().map(QueueRecipient::address).toList());
    assertTrue(read.recipients().get(1).externalOriginal().isEmpty());
    assertEquals(
        List.of((long) size.length + head.length - 5, (long) heap + record('O', "Late@x").length),
        read.recipients().stream().map(QueueRecipient::offset).toList());
  }

  /** postsuper -r: the first arrival stays, and the queue id is new. */
  @Example
  void aRequeuedMessageArrivedWhenItGotItsQueueId() throws IOException {
    byte[] file =
        join(
            record('T', "1700000000 999999"),
            record('A', "create_time=1700086400"),
            record('S', "s@x"),
            record('A', "create_time=1800000000"),
            record('R', "a@x"),
            record('E', ""));

    assertEquals(Optional.of(Instant.ofEpochSecond(1_700_086_400)), envelope(file).arrival());
  }

  @Example
  void contentIsPassedOverUnread() throws IOException {
    byte[] content = new byte[100_000];
    Arrays.fill(content, (byte) 0xff);
    byte[] head = join(record('T', "1700000000 1"), record('S', "s@x"), record('M', ""));
    int sizeLength = record('C', "%15d %15d %15d".formatted(1, 1, 1)).length;
    byte[] file =
        join(
            record('C', "%15d %15d %15d".formatted(content.length, sizeLength + head.length, 1)),
            head,
            content,
            record('X', ""),
            record('D', "a@x"),
            record('E', ""));

    assertTrue(envelope(file).isFinished());
  }

  @Example
  void aCircleOfPointersEnds() {
    byte[] circle = join(record('R', "a@x"), record('p', "%15d".formatted(5)));
    byte[] loop = join(record('R', "a@x"), record('R', "b@x"), circle);

    assertThrows(IOException.class, () -> envelope(loop));
  }

  @Example
  void mailThatNoNetworkClientHandedInIsLocal() throws IOException {
    byte[] file = join(record('A', "rewrite_context=local"), record('R', "a@x"), record('E', ""));

    assertTrue(envelope(file).local());
    assertFalse(envelope(Fixtures.bytes("short/queue")).local());
  }

  @Example
  void aRecordWithoutEndOrWithAHugeLengthIsAnError() {
    byte[] huge = {'R', (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f};
    for (byte[] bytes : new byte[][] {{}, {'R'}, {'R', 5, 'a'}, huge}) {
      assertThrows(IOException.class, () -> envelope(bytes));
    }
  }

  @Property(tries = 150, seed = "20261124")
  void aCutFileIsAnErrorOrItsWholeSelf(@ForAll @IntRange(max = 10_000) int at) throws IOException {
    byte[] whole = Fixtures.bytes("long/queue");
    byte[] part = Arrays.copyOf(whole, at % whole.length);
    try {
      assertEquals(6, envelope(part).recipients().size());
    } catch (IOException cut) {
      assertTrue(cut.getMessage().startsWith("queue file: expected"), cut.getMessage());
    }
  }

  @Property(tries = 300, seed = "20261124")
  void anyBytesAreAnEnvelopeOrAnError(@ForAll @Size(max = 300) byte[] bytes) {
    try {
      envelope(bytes);
    } catch (IOException refused) {
      assertTrue(refused.getMessage().startsWith("queue file: expected"), refused.getMessage());
    }
  }

  @Property(tries = 150, seed = "20261124")
  void aDamagedFileIsAnEnvelopeOrAnError(@ForAll @IntRange(max = 10_000) int at, @ForAll byte with)
      throws IOException {
    byte[] file = Fixtures.bytes("short/queue");
    file[at % file.length] = with;
    try {
      envelope(file);
      with(file, QueueFileReader::messageId);
      with(file, QueueFileReader::arrival);
    } catch (IOException refused) {
      assertTrue(refused.getMessage().startsWith("queue file: expected"), refused.getMessage());
    }
  }

  private static String words(QueueRecipient recipient) {
    return recipient.external()
        + recipient.externalOriginal().map(original -> " of " + original).orElse("")
        + (recipient.done() ? " done" : "");
  }

  private static QueueFile envelope(byte[] bytes) throws IOException {
    return with(bytes, QueueFileReader::envelope);
  }

  private static <T> T with(byte[] bytes, Reading<T> reading) throws IOException {
    Path file = Files.createTempFile("queue", "file");
    try {
      Files.write(file, bytes);
      return reading.of(file);
    } finally {
      Files.delete(file);
    }
  }

  private interface Reading<T> {
    T of(Path path) throws IOException;
  }
}
