package org.mailjournal.relaytest;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExchangerTest {
  private static final String MESSAGE = "Message-ID: <1@test>\r\nSubject: x\r\n\r\n..dots\r\nend";

  private Exchanger mx;

  @BeforeEach
  void start() {
    mx = Exchanger.start("mx.test");
  }

  @AfterEach
  void stop() {
    mx.close();
  }

  private RawSmtp client() throws IOException {
    return RawSmtp.greeted(mx.address());
  }

  @Test
  void anAcceptedMessageIsKeptWithItsQueueIdAndEnvelope() throws IOException {
    try (RawSmtp client = client()) {
      client.say("MAIL FROM:<a@x.test> RET=HDRS ENVID=e1");
      client.say("RCPT TO:<b@y.test> NOTIFY=sUCCESS ORCPT=rfc822;b@y.test");
      client.say("DATA");
      String reply = client.say(MESSAGE + "\r\n.");

      Exchanger.Received received = mx.received().get(0);
      assertEquals("250 2.0.0 Ok: queued as " + received.queueId(), reply);
      assertEquals(Map.of("RET", "HDRS", "ENVID", "e1"), received.senderParameters());
      assertEquals("sUCCESS", received.recipients().get(0).parameters().get("NOTIFY"));
      assertEquals("client.test", received.helo());
      assertEquals(MESSAGE.replace("..dots", ".dots") + "\r\n", text(received));
      assertEquals(1, mx.count("<1@test>"));
      assertEquals(1, mx.received("b@y.test").size());
    }
  }

  private static String text(Exchanger.Received received) {
    return new String(received.content().toArray(), StandardCharsets.ISO_8859_1);
  }

  @Test
  void everyMessageHasAnotherQueueId() throws IOException {
    try (RawSmtp client = client()) {
      String one = client.send("a@x", MESSAGE, "<b@y>");
      String two = client.send("a@x", MESSAGE, "<b@y>");

      assertFalse(one.equals(two));
      assertEquals(2, mx.count("<1@test>"));
    }
  }

  @Test
  void pipelinedCommandsAreAnsweredInOrder() throws IOException {
    mx.at("bad@y", Script.permanent());
    try (RawSmtp client = client()) {
      client.write("MAIL FROM:<a@x>\r\nRCPT TO:<bad@y>\r\nRCPT TO:<b@y>\r\nDATA\r\n");

      assertEquals("250 2.1.0 Ok", client.reply());
      assertEquals("550 5.1.1 no such user here", client.reply());
      assertEquals("250 2.1.5 Ok", client.reply());
      assertTrue(client.reply().startsWith("354 "));
    }
  }

  @Test
  void aRecipientIsRefusedForATimeAndThenTaken() throws IOException {
    mx.at("slow", Script.temporary(2));
    try (RawSmtp client = client()) {
      client.say("MAIL FROM:<a@x>");
      assertEquals("450 4.2.0 mailbox busy", client.say("RCPT TO:<slow@one.test>"));
      assertEquals("450 4.2.0 mailbox busy", client.say("RCPT TO:<slow@one.test>"));
      assertEquals("250 2.1.5 Ok", client.say("RCPT TO:<slow@one.test>"));
      assertEquals("450 4.2.0 mailbox busy", client.say("RCPT TO:<slow@two.test>"));
      assertEquals(3, mx.attempts("slow@one.test"));
    }
  }

  @Test
  void greylistingRefusesTheFirstAttemptOnly() throws IOException {
    mx.otherwise(Script.greylist());
    try (RawSmtp client = client()) {
      client.say("MAIL FROM:<a@x>");
      assertTrue(client.say("RCPT TO:<b@y>").startsWith("451 4.7.1"));
      assertTrue(client.say("RCPT TO:<b@y>").startsWith("250"));
    }
  }

  @Test
  void aMessageIsRefusedWhenAllOfItIsThere() throws IOException {
    mx.at("b@y", Script.permanentAtData());
    try (RawSmtp client = client()) {
      assertEquals(
          "554 5.7.1 message content rejected", client.send("a@x", MESSAGE, "<b@y>", "<c@y>"));
      assertEquals(0, mx.received().size());
      assertTrue(client.send("a@x", MESSAGE, "<c@y>").startsWith("250"));
    }
  }

  @ParameterizedTest
  @EnumSource(Stage.class)
  void theConnectionIsDroppedAtEachStage(Stage stage) throws IOException {
    mx.inSessions(Script.drop(stage).times(1));
    try (RawSmtp client = new RawSmtp(mx.address())) {
      assertEquals(stage == Stage.CONNECT ? "closed" : "220", client.reply().split(" ", -1)[0]);
      if (stage.compareTo(Stage.BANNER) > 0) {
        assertEquals(stage, dropsAt(client));
      } else {
        assertEquals("closed", client.reply());
      }
    }
    try (RawSmtp client = client()) {
      assertTrue(client.send("a@x", MESSAGE, "<b@y>").startsWith("250"));
    }
    assertEquals(stage == Stage.DOT ? 2 : 1, mx.count("<1@test>"));
    assertEquals(stage != Stage.DOT, mx.received().get(0).acknowledged());
  }

  private static Stage dropsAt(RawSmtp client) throws IOException {
    if (client.say("EHLO client.test").equals("closed")) {
      return Stage.EHLO;
    }
    if (client.say("MAIL FROM:<a@x>").equals("closed")) {
      return Stage.MAIL;
    }
    if (client.say("RCPT TO:<b@y>").equals("closed")) {
      return Stage.RCPT;
    }
    if (client.say("DATA").equals("closed")) {
      return Stage.DATA;
    }
    return client.say(MESSAGE + "\r\n.").equals("closed") ? Stage.DOT : null;
  }

  @ParameterizedTest
  @EnumSource(Stage.class)
  void aSessionStallsAtEachStageUntilReleased(Stage stage) throws Exception {
    mx.inSessions(Script.stall(stage));
    Thread releaser =
        new Thread(
            () -> {
              await().until(() -> mx.stalled() == 1);
              mx.release();
            });
    releaser.start();
    try (RawSmtp client = client()) {
      assertTrue(client.send("a@x", MESSAGE, "<b@y>").startsWith("250"));
    }
    releaser.join();
    assertEquals(0, mx.stalled());
  }

  @Test
  void aStalledSessionDoesNotHoldUpTheEnd() throws Exception {
    mx.inSessions(Script.stall(Stage.CONNECT));
    try (RawSmtp client = new RawSmtp(mx.address())) {
      await().until(() -> mx.stalled() == 1);
      mx.close();
      assertEquals("closed", client.reply());
    }
  }

  @Test
  void repliesMayHaveSeveralLinesUtf8And8BitBytesAndGreatLength() throws IOException {
    mx.at("lines", Script.accept(Reply.of(250, "2.0.0 first", "2.0.0 queued as {id}")));
    mx.at("utf8", Script.answer(Stage.RCPT, Reply.of(550, "5.1.1 Empfänger unbekannt")));
    mx.at("latin1", Script.answer(Stage.RCPT, Reply.of(550, "5.1.1 Empfänger").as8Bit()));
    mx.at("long", Script.accept(Reply.long250(2000)));
    try (RawSmtp client = client()) {
      String lines = client.send("a@x", MESSAGE, "<lines@y>");
      String id = mx.received().get(0).queueId();
      assertEquals("250-2.0.0 first\n250 2.0.0 queued as " + id, lines);
      client.say("MAIL FROM:<a@x>");
      assertEquals("550 5.1.1 EmpfÃ¤nger unbekannt", client.say("RCPT TO:<utf8@y>"));
      assertEquals("550 5.1.1 Empfänger", client.say("RCPT TO:<latin1@y>"));
      client.say("RSET");
      assertEquals(2000 - 4 + id.length(), client.send("a@x", MESSAGE, "<long@y>").length());
    }
  }

  @Test
  void theKeywordsAreTheTestsChoice() throws IOException {
    try (Exchanger dsn = Exchanger.start(Exchanger.Settings.named("dsn.test").withDsn());
        Exchanger bare = Exchanger.start(Exchanger.Settings.named("bare.test").offering());
        RawSmtp toDsn = new RawSmtp(dsn.address());
        RawSmtp toBare = new RawSmtp(bare.address())) {
      toDsn.reply();
      toBare.reply();
      assertTrue(toDsn.say("EHLO c").contains("DSN"));
      assertEquals("250 bare.test", toBare.say("EHLO c"));
    }
  }

  @Test
  void a421ClosesTheConnection() throws IOException {
    mx.inSessions(Script.answer(Stage.MAIL, Reply.of(421, "4.3.2 closing")).times(1));
    try (RawSmtp client = client()) {
      assertEquals("421 4.3.2 closing", client.say("MAIL FROM:<a@x>"));
      assertEquals("closed", client.reply());
    }
  }

  @Test
  void theGreetingMayRefuse() throws IOException {
    mx.inSessions(Script.answer(Stage.BANNER, Reply.of(554, "5.3.2 not now")));
    try (RawSmtp client = new RawSmtp(mx.address())) {
      assertEquals("554 5.3.2 not now", client.reply());
      assertEquals("closed", client.reply());
    }
  }

  @Test
  void lmtpAnswersForEachRecipient() throws IOException {
    try (Exchanger lmtp = Exchanger.start(Exchanger.Settings.named("lmtp.test").speakingLmtp());
        RawSmtp client = new RawSmtp(lmtp.address())) {
      lmtp.at("full@y", Script.answer(Stage.DOT, Reply.of(452, "4.2.2 mailbox full")));
      client.reply();
      client.say("LHLO c");
      assertEquals("452 4.2.2 mailbox full", client.send("a@x", MESSAGE, "<full@y>", "<b@y>"));
      assertTrue(client.reply().startsWith("250 2.0.0 Ok: queued as "));
      assertEquals(1, lmtp.count("<1@test>"));
    }
  }

  @Test
  void anExchangerComesBackOnTheSamePort() throws IOException {
    int port = mx.address().getPort();
    mx.close();
    InetAddress loopback = InetAddress.getLoopbackAddress();
    mx = Exchanger.start(Exchanger.Settings.named("mx.test").at(loopback, port));
    try (RawSmtp client = client()) {
      assertTrue(client.send("a@x", MESSAGE, "<b@y>").startsWith("250"));
    }
  }

  @Test
  void nothingCanBeAnsweredBeforeTheGreeting() {
    assertThrows(
        IllegalArgumentException.class, () -> Script.answer(Stage.CONNECT, Reply.of(250, "no")));
  }
}
