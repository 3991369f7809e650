package org.mailjournal.egress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.mailjournal.FuzzCorpus;

/** What a next hop says, to replies. */
class RepliesFuzzTest {
  @TestFactory
  Stream<DynamicTest> corpus() {
    return FuzzCorpus.tests(RepliesFuzzTest.class, RepliesFuzzTest::fuzzerTestOneInput);
  }

  public static void fuzzerTestOneInput(byte[] input) {
    List<Answer> answers = read(new ByteArrayInputStream(input));
    assertEquals(answers, read(FuzzCorpus.slowly(input)));
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (Answer answer : answers) {
      all.writeBytes(answer.raw().toArray());
      check(answer);
    }
    boolean cut =
        new String(input, StandardCharsets.ISO_8859_1)
            .lines()
            .anyMatch(line -> line.length() > ReplyReader.LONGEST_LINE);
    assertTrue(
        cut || Arrays.equals(all.toByteArray(), Arrays.copyOf(input, all.size())),
        "passed on as it came");
  }

  private static List<Answer> read(InputStream in) {
    ReplyReader reader = new ReplyReader(new LineReader(in, ReplyReader.LONGEST_LINE));
    List<Answer> answers = new ArrayList<>();
    try {
      while (true) {
        answers.add(reader.read());
      }
    } catch (LineReader.BadLineException | EOFException end) {
      return answers;
    } catch (IOException other) {
      throw new AssertionError(other);
    }
  }

  private static void check(Answer answer) {
    String wire = new String(answer.raw().toArray(), StandardCharsets.ISO_8859_1);
    assertTrue(wire.endsWith("\r\n") && wire.length() <= 2 * ReplyReader.LONGEST);
    for (String line : wire.substring(0, wire.length() - 2).split("\r\n", -1)) {
      assertTrue(line.startsWith(Integer.toString(answer.code())), line);
      assertTrue(line.chars().noneMatch(c -> c == '\r' || c == '\n' || c == 0), line);
    }
    answer
        .dsn()
        .filter(dsn -> answer.isPositive() || answer.isFailure())
        .ifPresent(dsn -> assertEquals(answer.code() / 100, dsn.category()));
    answer.status(true);
    Answer ours = Answer.ours(451, "4.0.0", answer.text());
    assertTrue(ours.text().chars().allMatch(c -> c >= ' ' && c <= '~'), ours.text());
  }
}
