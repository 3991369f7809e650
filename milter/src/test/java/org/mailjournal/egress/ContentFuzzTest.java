package org.mailjournal.egress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.mailjournal.FuzzCorpus;

/** What our client sends behind DATA: where it ends, and what its header section says. */
class ContentFuzzTest {
  private static final String END = "\r\n.\r\n";

  @TestFactory
  Stream<DynamicTest> corpus() {
    return FuzzCorpus.tests(ContentFuzzTest.class, ContentFuzzTest::fuzzerTestOneInput);
  }

  private record Result(
      String passed, String left, boolean ended, boolean broken, long size, Object facts) {}

  public static void fuzzerTestOneInput(byte[] input) {
    Result result = read(input, new ByteArrayInputStream(input));
    assertEquals(result, read(input, FuzzCorpus.slowly(input)));
    String text = new String(input, StandardCharsets.ISO_8859_1);
    assertEquals(text, result.passed() + result.left());
    int end = ("\r\n" + text).indexOf(END);
    assertEquals(end >= 0, result.ended());
    if (result.ended()) {
      assertEquals(end + END.length() - 2, result.passed().length());
    }
    if (!result.broken()) {
      String bare = result.passed().replace("\r\n", "");
      assertFalse(bare.contains("\n"), "a bare LF went through");
      assertFalse(bare.replaceFirst("\r$", "").contains("\r"), "a bare CR went through");
    }
    assertTrue(result.size() <= result.passed().length());
  }

  private static Result read(byte[] input, InputStream stream) {
    InputStream in = new BufferedInputStream(stream, 16);
    ContentReader reader = new ContentReader(in);
    HeaderSection header = new HeaderSection();
    ByteArrayOutputStream passed = new ByteArrayOutputStream();
    try {
      for (int length = reader.next(); length > 0; length = reader.next()) {
        passed.write(reader.block(), 0, length);
        header.add(reader.block(), length);
      }
      byte[] left = in.readAllBytes();
      assertArrayEquals(Arrays.copyOfRange(input, passed.size(), input.length), left);
      return new Result(
          passed.toString(StandardCharsets.ISO_8859_1),
          new String(left, StandardCharsets.ISO_8859_1),
          reader.hasEnded(),
          reader.isBroken(),
          reader.size(),
          header.facts(Set.of("mail.example.org")));
    } catch (IOException never) {
      throw new UncheckedIOException(never);
    }
  }
}
