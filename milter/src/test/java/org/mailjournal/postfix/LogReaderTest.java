package org.mailjournal.postfix;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class LogReaderTest {
  private static final String ONE = "\nrecipient=a@b\nstatus=4.0.0\naction=delayed\nreason=no\n\n";

  @Example
  void aRealTraceFileHasItsRecords() throws IOException {
    List<LogReader.Paragraph> paragraphs = read(Fixtures.bytes("short/trace"));

    assertEquals(
        List.of("team@alias.example", "one@ok.example", "\"two words\"@ok.example"),
        recipients(paragraphs));
    LogRecord one = paragraphs.get(1).record().orElseThrow();
    assertEquals("relayed", one.action());
    assertEquals(Optional.of("250 2.0.0 Ok"), one.text("diag_text"));
    assertEquals(
        Optional.of("delivery via 127.0.0.1[127.0.0.1]:13025: 250 2.0.0 Ok"), one.text("reason"));
    assertEquals(Optional.of(681L), one.offset());
    assertTrue(one.notifiesFailure());
  }

  @Example
  void offsetsCutTheFileIntoItsRecords() throws IOException {
    byte[] bytes = Fixtures.bytes("long/defer");
    for (LogReader.Paragraph paragraph : read(bytes)) {
      LogRecord record = paragraph.record().orElseThrow();
      int length = (int) (record.end() - record.start());
      String text = new String(bytes, (int) record.start(), length, ISO_8859_1);
      assertTrue(text.startsWith("<") && text.endsWith("\n\n"), text);
    }
  }

  @Example
  void anOldRecordHasItsRecipientAndReason() throws IOException {
    LogRecord record = read("<a@b>: went: away\n\n").get(0).record().orElseThrow();

    assertEquals("a@b", record.recipient());
    assertEquals(Optional.of("went: away"), record.text("reason"));
  }

  @Example
  void aNullRecipientIsEmpty() throws IOException {
    assertEquals("", read("recipient=<>\n\n").get(0).record().orElseThrow().recipient());
  }

  @Example
  void unknownKeysAndGarbledLinesLeaveTheRecordWhole() throws IOException {
    LogRecord record =
        read("recipient=a@b\nnew_in_4=x\n?? what\n=\naction=relayed\n\n")
            .get(0)
            .record()
            .orElseThrow();

    assertEquals("relayed", record.action());
    assertEquals(Optional.of("x"), record.text("new_in_4"));
  }

  @Example
  void aTornRecordIsNoneAndTheOthersSurvive() throws IOException {
    List<LogReader.Paragraph> paragraphs = read(ONE + "recipient=c@d\nstatus=2.0.0\nact");

    assertEquals(List.of("a@b"), recipients(paragraphs));
    assertTrue(paragraphs.get(1).problem().contains("end of the file"));
  }

  @Example
  void aRecordWithoutRecipientIsNoneAndTheOthersSurvive() throws IOException {
    List<LogReader.Paragraph> paragraphs = read("status=2.0.0\n\n" + ONE);

    assertTrue(paragraphs.get(0).problem().contains("recipient="));
    assertEquals(List.of("a@b"), recipients(paragraphs));
  }

  @Example
  void hugeLinesAndRecordsAreBoundedAndTheOthersSurvive() throws IOException {
    String line = "reason=" + "x".repeat(LogReader.LONGEST_LINE);
    String record = "recipient=a@b\n" + "k=v\n".repeat(LogReader.LONGEST_RECORD / 4) + "\n";

    List<LogReader.Paragraph> paragraphs = read("recipient=a@b\n" + line + "\n\n" + record + ONE);

    assertEquals(3, paragraphs.size());
    assertEquals(List.of("a@b"), recipients(paragraphs));
    assertTrue(paragraphs.get(1).bytes().size() <= LogReader.LONGEST_RECORD);
  }

  @Example
  void anEmptyFileHasNothing() throws IOException {
    assertTrue(read("").isEmpty());
    assertTrue(read("\n\n\n").isEmpty());
  }

  @Property(tries = 200, seed = "20261124")
  void whereverTheFileIsCutWholeRecordsComeBack(@ForAll @IntRange(max = 10_000) int at)
      throws IOException {
    byte[] whole = Fixtures.bytes("short/defer");
    int cut = at % (whole.length + 1);
    List<String> all = recipients(read(whole));

    List<String> some = recipients(read(Arrays.copyOf(whole, cut)));

    assertEquals(all.subList(0, some.size()), some);
  }

  @Property(tries = 300, seed = "20261124")
  void anyBytesAreReadToTheirEnd(@ForAll @Size(max = 500) byte[] bytes) throws IOException {
    assertTrue(read(bytes).size() <= bytes.length);
  }

  private static List<String> recipients(List<LogReader.Paragraph> paragraphs) {
    return paragraphs.stream()
        .flatMap(paragraph -> paragraph.record().stream())
        .map(LogRecord::recipient)
        .toList();
  }

  private static List<LogReader.Paragraph> read(String text) throws IOException {
    return read(text.getBytes(ISO_8859_1));
  }

  private static List<LogReader.Paragraph> read(byte[] bytes) throws IOException {
    List<LogReader.Paragraph> paragraphs = new ArrayList<>();
    try (LogReader reader = new LogReader(byteByByte(bytes))) {
      Optional<LogReader.Paragraph> next = reader.next();
      while (next.isPresent()) {
        paragraphs.add(next.get());
        next = reader.next();
      }
    }
    return paragraphs;
  }

  private static InputStream byteByByte(byte[] bytes) {
    return new ByteArrayInputStream(bytes) {
      @Override
      public synchronized int read(byte[] into, int offset, int length) {
        return super.read(into, offset, Math.min(length, 1));
      }
    };
  }
}
