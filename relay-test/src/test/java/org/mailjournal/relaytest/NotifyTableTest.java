package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped table, as Postfix's own postmap(1) reads it. */
class NotifyTableTest {
  private static final String DEFAULT = " NOTIFY=sUCCESS,FAILURE,dELAY";

  /** Debian's "No configuration" leaves none, and postmap does not start without. */
  @TempDir private static Path configuration;

  @BeforeAll
  static void postfixIsInstalled() throws IOException {
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/sbin/postmap")), "no postmap");
    Files.createFile(configuration.resolve("main.cf"));
  }

  private static String rewritten(String line) {
    Command.Result result =
        Command.run(
            "/usr/sbin/postmap",
            "-c",
            configuration.toString(),
            "-q",
            line,
            "regexp:" + Repository.file("etc/postfix/mailjournal_rcpt.regexp"));
    return switch (result.exitCode()) {
      case 0 -> result.output().substring(0, result.output().length() - 1);
      case 1 -> result.output().isEmpty() ? line : "complaint: " + result.output();
      default -> "failure: " + result.output();
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RCPT TO:<a@b.test>",
        "rcpt to:<a@b.test>",
        "RCPT TO: <a@b.test>",
        "Rcpt   To:   <a@b.test>",
        "RCPT\tTO:\t<a@b.test>",
        "RCPT TO:a@b.test",
        "RCPT TO: a@b.test",
        "RCPT TO:<>",
        "RCPT TO:<@relay.test:a@b.test>",
        "RCPT TO:<postmaster>",
        "RCPT TO:<\"a b\"@b.test>",
        "RCPT TO:\"a b\"@b.test",
        "RCPT TO:<\"a NOTIFY=NEVER\"@b.test>",
        "RCPT TO:<\"a> NOTIFY=SUCCESS b\"@b.test>",
        "RCPT TO:<\"a\\\" NOTIFY=SUCCESS \"@b.test>",
        "RCPT TO:<a\\ NOTIFY=NEVER@b.test>",
        "RCPT TO:<a NOTIFY=NEVER @b.test>",
        "RCPT TO:<a\\>b@b.test>",
        "RCPT TO:NOTIFY=NEVER@b.test",
        "RCPT TO:<NOTIFY=NEVER@b.test>",
        "RCPT TO:<<a NOTIFY=NEVER@b.test>>",
        "RCPT TO:<$1@${2}.test>",
        "RCPT TO:<ü@bücher.test>",
        "RCPT TO:<a@b.test> ORCPT=rfc822;x@y.test",
        "RCPT TO:<a@b.test> ORCPT=rfc822;NOTIFY=NEVER",
        "RCPT TO:<a@b.test> ORCPT=rfc822;\"x NOTIFY=NEVER\"",
        "RCPT TO:<a@b.test> XNOTIFY=NEVER",
      })
  void marksALineWithoutNotifyAndLeavesAllElseOfIt(String line) {
    assertEquals(line + DEFAULT, rewritten(line));
  }

  @Test
  void neverBecomesTheMarkAlone() {
    assertAll(
        () -> assertEquals("RCPT TO:<a@b> NOTIFY=sUCCESS", rewritten("RCPT TO:<a@b> NOTIFY=NEVER")),
        () ->
            assertEquals(
                "RCPT TO:<a@b> notify=sUCCESS ORCPT=rfc822;NEVER",
                rewritten("RCPT TO:<a@b> notify=never ORCPT=rfc822;NEVER")),
        () ->
            assertEquals(
                "RCPT TO:<a@b> ORCPT=rfc822;x NOTIFY=sUCCESS  ",
                rewritten("RCPT TO:<a@b> ORCPT=rfc822;x NOTIFY=,NEVER,never,  ")));
  }

  @Test
  void theSendersOwnSuccessIsUpperCaseAndElseUntouched() {
    for (String word : List.of("SUCCESS", "success", "sUCCESS", "SuccesS")) {
      assertEquals(
          "RCPT TO:<success@b> Notify=SUCCESS ORCPT=rfc822;success@b",
          rewritten("RCPT TO:<success@b> Notify=" + word + " ORCPT=rfc822;success@b"));
      assertEquals(
          "RCPT TO:<a@b> NOTIFY=FAILURE,SUCCESS,delay",
          rewritten("RCPT TO:<a@b> NOTIFY=FAILURE," + word + ",delay"));
    }
  }

  @Test
  void aSenderCannotPassForUs() {
    assertEquals(
        "RCPT TO:<a@b> NOTIFY=SUCCESS,FAILURE,dELAY",
        rewritten("RCPT TO:<a@b> NOTIFY=sUCCESS,FAILURE,dELAY"));
    assertEquals("RCPT TO:<a@b> NOTIFY=SUCCESS", rewritten("RCPT TO:<a@b> NOTIFY=sUCCESS"));
    assertEquals(
        "RCPT TO:<a@b> NOTIFY=FAILURE,SUCCESS", rewritten("RCPT TO:<a@b> NOTIFY=FAILURE,sUCCESS"));
    assertEquals(
        "RCPT TO:<<<<a@b>>>> NOTIFY=SUCCESS", rewritten("RCPT TO:<<<<a@b>>>> NOTIFY=sUCCESS"));
    assertEquals(
        "RCPT TO:<a@b> NOTIFY=SUCCESS ORCPT=rfc822;\"x",
        rewritten("RCPT TO:<a@b> NOTIFY=sUCCESS ORCPT=rfc822;\"x"));
  }

  @Test
  void failureAndDelayKeepTheirCasingAndGetTheMark() {
    assertEquals("RCPT TO:<a@b> NOTIFY=FAILURE,sUCCESS", rewritten("RCPT TO:<a@b> NOTIFY=FAILURE"));
    assertEquals(
        "RCPT TO:<a@b> notify=delay,FAILURE,sUCCESS x=y",
        rewritten("RCPT TO:<a@b> notify=delay,FAILURE x=y"));
    assertEquals(
        "RCPT TO:<\"> NOTIFY=NEVER\"@b> ORCPT=rfc822;\"a NOTIFY=NEVER\" NOTIFY=DELAY,sUCCESS",
        rewritten("RCPT TO:<\"> NOTIFY=NEVER\"@b> ORCPT=rfc822;\"a NOTIFY=NEVER\" NOTIFY=DELAY"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RCPT TO:",
        "RCPT TO:   ",
        "RCPT",
        "RCPT <a@b>",
        "RCPT TO:<a@b> NOTIFY=",
        "RCPT TO:<a@b> NOTIFY=,",
        "RCPT TO:<a@b> NOTIFY=SOMETIMES",
        "RCPT TO:<a@b> NOTIFY=\"FAILURE\"",
        "RCPT TO:<a@b",
        "RCPT TO:<\"a@b>",
        "MAIL FROM:<a@b> RET=HDRS",
        "VRFY <a@b> NOTIFY=NEVER",
        "EHLO RCPT TO:<a@b>",
      })
  void leavesWhatPostfixRefusesAndOtherCommandsAlone(String line) {
    assertEquals(line, rewritten(line));
  }

  @Test
  void linesAsLongAsPostfixTakesThem() {
    String local = "\"" + "\\\" NOTIFY=NEVER".repeat(60) + "\"";
    String line = "RCPT TO:<" + local + "@b.test> ORCPT=rfc822;" + "x".repeat(900);
    String longest = line + "y".repeat(2048 - line.length());
    assertEquals(longest + DEFAULT, rewritten(longest));
    String many = "RCPT TO:<a@b>" + " x".repeat(1000);
    assertEquals(many + " NOTIFY=DELAY,sUCCESS", rewritten(many + " NOTIFY=DELAY"));
    String unclosed = "RCPT TO:<a@b> " + "<\"".repeat(1000);
    assertEquals(unclosed, rewritten(unclosed));
    assertTrue(longest.length() == 2048);
  }
}
