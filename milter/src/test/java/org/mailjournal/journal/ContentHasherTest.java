package org.mailjournal.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContentHasherTest {
  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String body(String text) {
    ContentHasher hasher = new ContentHasher();
    hasher.body(bytes(text), 0, text.length());
    return hasher.digest().orElseThrow().body().hex();
  }

  private static String header(String... namesAndValues) {
    ContentHasher hasher = new ContentHasher();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      byte[] value = bytes(namesAndValues[i + 1]);
      hasher.field(namesAndValues[i], () -> value);
    }
    return hasher.digest().orElseThrow().header().hex();
  }

  private static String sha256(String canonical) {
    return Bytes.sha256(bytes(canonical));
  }

  @Test
  void theBodyOfRfc8463HasTheHashThatStandsThere() {
    String hash = body("Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n");
    String published = "2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=";
    assertEquals(Bytes.head(Base64.getDecoder().decode(published), 32).hex(), hash);
  }

  @Test
  void theExampleOfRfc6376Section345() {
    assertEquals(sha256(" C\r\nD E\r\n"), body(" C \r\nD \t E\r\n\r\n\r\n"));
    assertEquals(sha256("from:X\r\nto:Y Z\r\n"), header("From", " X", "To ", " Y\t\r\n\tZ  "));
  }

  @ParameterizedTest
  @CsvSource({
    "'',''",
    "'\r\n\r\n',''",
    "' \t\r\n \r\n',''",
    "'a','a\r\n'",
    "'a\n','a\r\n'",
    "'a\r\n','a\r\n'",
    "'a\r\n\r\n \t\r\n','a\r\n'",
    "'a \t ','a\r\n'",
    "'\r\n\r\na','\r\n\r\na\r\n'",
    "'  a  b\t\tc','  a b c\r\n'",
    "'a\rb\r\n','a\rb\r\n'",
    "'a \r\r\nb','a\r\nb\r\n'",
    "'a \r b\r','a \r b\r\n'",
    "'a\r \r\n','a\r\r\n'",
    "'.\r\n..\r\n','.\r\n..\r\n'",
    "'\u0000\u0001ü\u00ff \r\n','\u0000\u0001ü\u00ff\r\n'",
  })
  void bodiesInCanonicalForm(String text, String canonical) {
    String single = canonical.replaceAll(" +", " ");
    assertEquals(sha256(single), body(text));
  }

  @ParameterizedTest
  @CsvSource({
    "' a','subject:a'",
    "'a','subject:a'",
    "'','subject:'",
    "' \t ','subject:'",
    "'\n a','subject:a'",
    "' a\n\tb','subject:a b'",
    "' a\r\n  b \n','subject:a b'",
    "' a\r\r\n b','subject:a b'",
    "' a\rb','subject:a\rb'",
    "' a \r b','subject:a \r b'",
    "' =?utf-8?q?a?=\n =?utf-8?q?b?=','subject:=?utf-8?q?a?= =?utf-8?q?b?='",
    "' gr\u00c3\u00bc\u00dfe\u0080','subject:gr\u00c3\u00bc\u00dfe\u0080'",
  })
  void fieldsInCanonicalForm(String value, String canonical) {
    assertEquals(sha256(canonical + "\r\n"), header("Subject", value));
  }

  @Test
  void fieldsThatAreAddedOnTheWayDoNotCount() {
    String hash = header("From", " a@b", "Subject", " hello");
    assertEquals(
        hash,
        header(
            "Return-Path",
            "<a@b>",
            "Received",
            " from x",
            "From",
            " a@b",
            "X-Spam",
            " no",
            "subject",
            " hello",
            "Bcc",
            " c@d",
            "Content-Length",
            " 5"));
  }

  @Test
  void theOrderOfDifferentFieldsDoesNotCountThatOfEqualOnesDoes() {
    assertEquals(header("From", "a", "Subject", "b"), header("Subject", "b", "From", "a"));
    assertEquals(
        sha256("to:\r\nsubject:b\r\nsubject:a\r\n"),
        header("Subject", "b", "To ", "", "SUBJECT", "a"));
  }

  @Test
  void aSecondSubjectIsSeen() {
    assertNotEquals(header("Subject", "b"), header("Subject", "b", "Subject", "c"));
    assertNotEquals(header("Subject", "b"), header("Subject", "b", "Subject", ""));
    assertNotEquals(header(), header("Subject", ""));
  }

  @Test
  void fieldsBeyondWhatIsKeptLeaveTheMessageWithoutADigest() {
    ContentHasher hasher = new ContentHasher();
    byte[] line = bytes("x".repeat(1000));
    for (int i = 0; i < ContentHasher.MOST_OF_HEADER / 1000 + 1; i++) {
      hasher.field("References", () -> line);
    }
    assertEquals(Optional.empty(), hasher.digest());
  }

  @Test
  void endlessFieldsThatAreNotHashedCostNothing() {
    ContentHasher hasher = new ContentHasher();
    for (int i = 0; i < 1000; i++) {
      hasher.field("X-Large", () -> new byte[Integer.MAX_VALUE]);
    }
    assertEquals(header(), hasher.digest().orElseThrow().header().hex());
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().withChars(' ', '\t', '\r', '\n', 'a', '\u00e4').ofMaxLength(24);
  }

  @Property(tries = 500, seed = "1")
  void whereTheBodyIsCutDoesNotCount(@ForAll("texts") String text) {
    ContentHasher one = new ContentHasher();
    for (byte octet : bytes(text)) {
      one.body(new byte[] {0, octet, 0}, 1, 1);
    }
    assertEquals(body(text), one.digest().orElseThrow().body().hex());
  }

  @Property(tries = 500, seed = "2")
  void theBodyHasTheHashOfWhatRegularExpressionsMakeOfIt(@ForAll("texts") String text) {
    String canonical =
        text.replaceAll("\r+(\n|$)", "$1")
            .replaceAll("(?m:[ \t]+)", " ")
            .replaceAll(" (?=\n|\\z)", "")
            .replaceAll("\\A\n+\\z", "")
            .replaceAll("(?<=[^\n])\n*\\z", "\n")
            .replace("\n", "\r\n");
    assertEquals(sha256(canonical), body(text));
  }

  @Property(tries = 200, seed = "3")
  void aLongBodyOverflowsNoBuffer(@ForAll("texts") String text) {
    String longer = text + "0123456789".repeat(1000) + text + "\n";
    assertEquals(body(longer), body(longer.replace("\n", "\r\n")));
  }
}
