package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.mailjournal.relaytest.Mta.LogLine;

class RealPostfixTest {
  private static final String MARK =
      "regexp:" + Repository.file("etc/postfix/mailjournal_rcpt.regexp");

  private static PlainSink sink;
  private static RealPostfix postfix;

  @BeforeAll
  static void start() {
    Assumptions.assumeTrue(
        RealPostfix.unavailable().isEmpty(), () -> RealPostfix.unavailable().orElseThrow());
    sink = new PlainSink("250 2.0.0 Ok: queued as SINK01");
    postfix =
        new PostfixSetup()
            .route("remote.test", sink.port())
            .route("down.test", Loopback.freePort())
            .virtualAlias("one@alias.test", "x@remote.test")
            .localAlias("team", "games@local.test", "y@remote.test")
            .forward("news", "forwarded@remote.test")
            .contentFilter(Loopback.ipv4(sink.port()))
            .smtpdOption("content_filter", "")
            .smtpdOption("smtpd_command_filter", MARK)
            .start();
  }

  @AfterAll
  static void stop() {
    if (postfix != null) {
      Path config = postfix.configDirectory();
      postfix.close();
      sink.close();
      assertFalse(Files.exists(config.getParent()));
    }
  }

  private static String send(String... recipients) {
    try (SmtpDialogue client = SmtpDialogue.open(postfix.smtp())) {
      return client.message("sender@client.test", "Subject: hello\n\nworld", recipients);
    }
  }

  @Test
  void relaysAndLogsTheReplyVerbatim() {
    String id = send("a@remote.test");
    LogLine line = postfix.awaitLog(l -> l.queueId().equals(id));
    assertEquals(
        new LogLine(
            id,
            "a@remote.test",
            "",
            "127.0.0.1[127.0.0.1]:" + sink.port(),
            "2.0.0",
            "sent",
            "250 2.0.0 Ok: queued as SINK01"),
        line);
    assertTrue(sink.messages().stream().anyMatch(text -> text.contains("Subject: hello")));
  }

  @Test
  void deliversToALocalMailboxAndToAnAlias() {
    String id = send("team@local.test");
    postfix.awaitLog(
        l ->
            l.queueId().equals(id) && l.to().equals("games@local.test") && l.dsn().equals("2.0.0"));
    assertTrue(
        postfix.mailbox("games").stream()
            .map(message -> new String(message, StandardCharsets.ISO_8859_1))
            .anyMatch(text -> text.contains("Subject: hello")));
    postfix.awaitLog(l -> l.to().equals("y@remote.test") && l.status().equals("sent"));
  }

  @Test
  void followsAVirtualAliasAndAForwardFile() {
    String id = send("one@alias.test");
    assertEquals("one@alias.test", postfix.awaitLog(l -> l.queueId().equals(id)).originalTo());
    send("news@local.test");
    postfix.awaitLog(l -> l.to().equals("forwarded@remote.test") && l.status().equals("sent"));
    assertEquals(List.of(), postfix.mailbox("news"));
  }

  @Test
  void keepsWhatCannotGoUntilAnAdministratorRemovesIt() {
    String id = send("a@down.test");
    postfix.awaitLog(l -> l.queueId().equals(id) && l.status().equals("deferred"));
    assertTrue(postfix.queue().contains(id));
    postfix.runQueue();
    Awaitility.await().until(() -> postfix.log(id).size() == 2);
    postfix.delete(id);
    assertFalse(postfix.queue().contains(id));
  }

  @Test
  void takesXclientStartTlsAndAuth() {
    try (SmtpDialogue client = SmtpDialogue.open(postfix.smtp())) {
      client.startTls();
      String plain =
          Base64.getEncoder().encodeToString("\0alice\0alice".getBytes(StandardCharsets.UTF_8));
      client.expect(535, "AUTH PLAIN " + plain.substring(4));
      client.expect(235, "AUTH PLAIN " + plain);
      String id = client.message("alice@local.test", "Subject: x\n\nx", "games@local.test");
      postfix
          .log()
          .awaitLine(line -> line.contains(id + ": client=") && line.contains("username=alice"));
    }
    try (SmtpDialogue client = SmtpDialogue.open(postfix.smtp())) {
      client.expect(220, "XCLIENT NAME=[UNAVAILABLE] ADDR=192.0.2.7");
      client.expect(250, "EHLO far.test");
      String id = client.message("a@far.test", "Subject: x\n\nx", "games@local.test");
      postfix.log().awaitLine(line -> line.contains(id + ": client=unknown[192.0.2.7]"));
      client.expect(250, "MAIL FROM:<a@far.test>");
      client.expect(554, "RCPT TO:<a@remote.test>");
    }
  }

  @Test
  void takesMailOverIpv6AndBySendmail() {
    postfix
        .smtpOverIpv6()
        .ifPresent(
            address -> {
              try (SmtpDialogue client = SmtpDialogue.open(address)) {
                String id = client.message("a@b.test", "x", "six@remote.test");
                postfix.awaitLog(l -> l.queueId().equals(id) && l.status().equals("sent"));
              }
            });
    postfix.sendmail("Subject: x\n\nx\n".getBytes(StandardCharsets.UTF_8), "cron@remote.test");
    postfix.awaitLog(l -> l.to().equals("cron@remote.test") && l.status().equals("sent"));
  }

  @Test
  void acceptsAndRefusesTheSameRecipientsWithTheMarkAsWithout() {
    List<String> lines =
        List.of(
            "RCPT TO:<games@local.test>",
            "rcpt to: <games@local.test>",
            "RCPT TO:games@local.test",
            "RCPT TO:<\"a NOTIFY=NEVER> b\"@remote.test>",
            "RCPT TO:<a@remote.test> NOTIFY=NEVER",
            "RCPT TO:<a@remote.test> NOTIFY=,Never,",
            "RCPT TO:<a@remote.test> NOTIFY=NEVER,FAILURE",
            "RCPT TO:<a@remote.test> NOTIFY=,",
            "RCPT TO:<a@remote.test> NOTIFY=",
            "RCPT TO:<a@remote.test> NOTIFY=SOMETIMES",
            "RCPT TO:<a@remote.test> NOTIFY=DELAY NOTIFY=DELAY",
            "RCPT TO:<a@remote.test> notify=failure,,delay orcpt=rfc822;x@y",
            "RCPT TO:<a@remote.test> ORCPT=rfc822;\"a NOTIFY=NEVER",
            "RCPT TO:<<<<a@remote.test>>>> NOTIFY=success",
            "RCPT TO:<a@remote.test> SIZE=1",
            "RCPT TO:<nobody-there@local.test>",
            "RCPT TO:",
            "RCPT TO: NOTIFY=NEVER",
            "RCPT TO:<\"unclosed@remote.test>");
    try (SmtpDialogue marked = SmtpDialogue.open(postfix.smtp());
        SmtpDialogue plain = SmtpDialogue.open(postfix.reinjection())) {
      marked.expect(250, "MAIL FROM:<a@b.test>");
      plain.expect(250, "MAIL FROM:<a@b.test>");
      for (String line : lines) {
        assertEquals(plain.ask(line), marked.ask(line), line);
      }
    }
    postfix.log().awaitLine(l -> l.contains("replacing command \"rcpt to: <games@local.test>\""));
  }

  @Test
  void settingsCanChangeAndItCanRestart() {
    postfix.set(Map.of("mynetworks", "127.0.0.0/8, [::1]/128, 192.0.2.0/24"));
    postfix.stop();
    postfix.startAgain();
    assertTrue(postfix.name().startsWith("Postfix "));
    String id = send("again@remote.test");
    postfix.awaitLog(l -> l.queueId().equals(id));
  }
}
