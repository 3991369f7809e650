package org.mailjournal.postfix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.mailjournal.FuzzCorpus;
import org.mailjournal.journal.EnhancedStatus;
import org.mailjournal.journal.Remote;

/** Bounce, defer and trace files, to records. */
class LogFileFuzzTest {
  @TestFactory
  Stream<DynamicTest> corpus() {
    return FuzzCorpus.tests(LogFileFuzzTest.class, LogFileFuzzTest::fuzzerTestOneInput);
  }

  public static void fuzzerTestOneInput(byte[] input) {
    List<LogReader.Paragraph> paragraphs = read(new ByteArrayInputStream(input));
    assertEquals(paragraphs, read(FuzzCorpus.slowly(input)));
    List<LogRecord> records =
        paragraphs.stream().map(LogReader.Paragraph::record).flatMap(Optional::stream).toList();
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    long end = 0;
    for (LogRecord record : records) {
      assertTrue(record.start() >= end && record.end() <= input.length);
      end = record.end();
      // As LogFile.keep writes it.
      kept.write('\n');
      kept.write(input, (int) record.start(), (int) (record.end() - record.start()));
      look(record);
    }
    List<LogReader.Paragraph> again = read(new ByteArrayInputStream(kept.toByteArray()));
    assertEquals(
        values(records), values(again.stream().map(p -> p.record().orElseThrow()).toList()));
    for (LogReader.Paragraph paragraph : paragraphs) {
      assertTrue(paragraph.bytes().size() <= LogReader.LONGEST_RECORD);
      assertFalse(paragraph.record().isEmpty() && paragraph.problem().isEmpty());
    }
  }

  private static List<Map<String, String>> values(List<LogRecord> records) {
    return records.stream().map(LogRecord::values).toList();
  }

  private static List<LogReader.Paragraph> read(InputStream in) {
    List<LogReader.Paragraph> all = new ArrayList<>();
    try (LogReader reader = new LogReader(in)) {
      for (Optional<LogReader.Paragraph> next = reader.next();
          next.isPresent();
          next = reader.next()) {
        all.add(next.get());
      }
      return all;
    } catch (IOException never) {
      throw new UncheckedIOException(never);
    }
  }

  private static void look(LogRecord record) {
    record.notifiesFailure();
    record.offset();
    Outcomes.ofAction(record.action());
    record.text("status").ifPresent(EnhancedStatus::of);
    Remote remote = RemoteText.of(record.text("mta_mname"), record.text("reason"));
    assertTrue(remote.address().map(String::length).orElse(0) <= 300);
    Quoting.internal(record.recipient());
    record.original().ifPresent(Quoting::external);
  }
}
