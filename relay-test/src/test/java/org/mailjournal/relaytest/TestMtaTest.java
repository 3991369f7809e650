package org.mailjournal.relaytest;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestMtaTest {
  private static final String MESSAGE = "Message-ID: <1@test>\r\nSubject: x\r\n\r\nbody";

  @TempDir private Path directory;
  private Exchanger mx;
  private TestMta mta;

  @BeforeEach
  void start() {
    mx = Exchanger.start("mx.test");
  }

  @AfterEach
  void stop() {
    mx.close();
    if (mta != null) {
      mta.close();
    }
  }

  private TestMta.Builder builder() {
    return TestMta.builder(directory).route("*", mx.address()).user("sender").user("friend");
  }

  private String send(String... recipients) throws IOException {
    try (RawSmtp client = RawSmtp.greeted(mta.smtp())) {
      String reply = client.send("sender@local.test", MESSAGE, recipients);
      assertTrue(reply.startsWith("250 2.0.0 Ok: queued as "), reply);
      return reply.substring(reply.lastIndexOf(' ') + 1);
    }
  }

  private void awaitEmptyQueue() {
    await().until(() -> mta.queue().isEmpty());
  }

  private void awaitAttempts(String queueId, int count) {
    await().until(() -> mta.log(queueId).size() == count);
  }

  private void awaitDeferred(String queueId) {
    Path hashed = directory.resolve("deferred").resolve(queueId.substring(0, 1));
    await().until(() -> Files.exists(hashed.resolve(queueId)));
  }

  private List<String> mailToSender() {
    return mta.mailbox("sender").stream().map(m -> new String(m, StandardCharsets.UTF_8)).toList();
  }

  @Test
  void aMessageReachesTheNextHopOnceAndTheLogSaysWhatItAnswered() throws IOException {
    mta = builder().unmarked().start();

    String id = send("<b@one.test>");
    awaitEmptyQueue();

    Exchanger.Received received = mx.received().get(0);
    assertEquals(1, mx.count("<1@test>"));
    assertTrue(received.recipients().get(0).parameters().isEmpty());
    String relay = "127.0.0.1[127.0.0.1]:" + mx.address().getPort();
    String reply = "250 2.0.0 Ok: queued as " + received.queueId();
    assertEquals(
        List.of(new Mta.LogLine(id, "b@one.test", "", relay, "2.0.0", "sent", reply)), mta.log(id));
  }

  @Test
  void markedRecipientsAreTracedAndTheSenderWhoDidNotAskHearsNothingThroughTheTap()
      throws IOException {
    mta = builder().tapped().start();
    try (StubTap tap = new StubTap(directory)) {
      String id = send("<b@one.test>", "<friend@local.test>");
      awaitEmptyQueue();

      StubTap.Asked asked = tap.asked().get(0);
      assertEquals(List.of("trace"), tap.services());
      assertEquals("5", asked.request().get("nrequest"));
      assertEquals(id, asked.request().get("queue_id"));
      assertEquals("sender@local.test", asked.request().get("sender"));
      assertTrue(asked.active());
      var relayed =
          asked.records().stream().filter(r -> r.get("recipient").equals("b@one.test")).toList();
      assertEquals("relayed", relayed.get(0).get("action"));
      assertEquals("7", relayed.get(0).get("notify_flags"));
      String reply = "250 2.0.0 Ok: queued as " + mx.received().get(0).queueId();
      assertEquals(reply, relayed.get(0).get("diag_text"));
      assertEquals(2, asked.records().size());
      assertEquals(List.of(), mailToSender());
    }
  }

  @Test
  void aDelayedRecipientIsTriedAgainAndEachPassIsTold() throws IOException {
    mx.at("slow", Script.temporary(2));
    mta = builder().tapped().start();
    try (StubTap tap = new StubTap(directory)) {
      String id = send("<slow@one.test>", "<b@one.test>");
      awaitDeferred(id);
      mta.runQueue();
      awaitAttempts(id, 3);
      await().until(() -> tap.asked().size() == 2);
      awaitDeferred(id);
      mta.runQueue();
      awaitEmptyQueue();

      assertEquals(List.of("trace", "trace", "trace"), tap.services());
      assertEquals(
          List.of("deferred", "sent", "deferred", "sent"),
          mta.log(id).stream().map(Mta.LogLine::status).toList());
      assertEquals(2, mx.count("<1@test>"));
    }
  }

  @Test
  void aPassThatTheTapDidNotTakeIsToldAgainAndTheNextHopGetsTheMailOnce() throws IOException {
    mta = builder().tapped().start();
    String id = send("<b@one.test>");
    awaitAttempts(id, 1);
    awaitDeferred(id);

    try (StubTap tap = new StubTap(directory).refusing(1)) {
      mta.runQueue();
      await().until(() -> tap.asked().size() == 1);
      awaitDeferred(id);
      mta.runQueue();
      awaitEmptyQueue();

      assertEquals(2, tap.asked().size());
      assertEquals(1, tap.asked().get(1).records().size());
      assertEquals(1, mx.count("<1@test>"));
    }
  }

  @Test
  void aRefusedRecipientIsReturnedToTheSender() throws IOException {
    mx.at("nobody", Script.permanent());
    mta = builder().tapped().start();
    try (StubTap tap = new StubTap(directory)) {
      String id = send("<nobody@one.test>", "<b@one.test>");
      awaitEmptyQueue();

      assertEquals(List.of("bounce", "trace"), tap.services());
      var record = tap.asked().get(0).records().get(0);
      assertEquals("failed", record.get("action"));
      assertEquals(
          "host 127.0.0.1[127.0.0.1] said: 550 5.1.1 no such user here"
              + " (in reply to RCPT TO command)",
          record.get("reason"));
      assertEquals(1, mailToSender().size());
      assertTrue(mailToSender().get(0).contains("Undelivered Mail Returned to Sender"));
      assertTrue(mailToSender().get(0).contains("Final-Recipient: rfc822; nobody@one.test"));
      assertFalse(mailToSender().get(0).contains("rfc822; b@one.test"));
      assertFalse(Files.exists(directory.resolve("bounce").resolve(id)));
    }
  }

  @Test
  void theSenderWhoSaidNeverIsNotBotheredWithFailures() throws IOException {
    mx.otherwise(Script.permanent());
    mta = builder().start();

    send("<b@one.test> NOTIFY=NEVER");
    awaitEmptyQueue();

    assertEquals(List.of(), mailToSender());
  }

  @Test
  void theSenderWhoAskedForSuccessIsToldOfIt() throws IOException {
    mta = builder().unmarked().start();

    send("<b@one.test> NOTIFY=SUCCESS", "<c@one.test>");
    awaitEmptyQueue();

    assertEquals(1, mailToSender().size());
    assertTrue(mailToSender().get(0).contains("Successful Mail Delivery Report"));
    assertTrue(mailToSender().get(0).contains("Action: relayed"));
    assertFalse(mailToSender().get(0).contains("c@one.test"));
  }

  @Test
  void whatStaysDeferredIsWarnedOfOnceAndThenReturned() throws IOException {
    mx.otherwise(Script.temporary(100));
    mta = builder().tapped().warnAfter(1).expireAfter(3).start();
    try (StubTap tap = new StubTap(directory)) {
      String id = send("<b@one.test>");
      for (int pass = 1; pass < 3; pass++) {
        awaitAttempts(id, pass);
        awaitDeferred(id);
        mta.runQueue();
      }
      awaitEmptyQueue();

      assertEquals(List.of("trace", "defer", "trace", "trace", "defer"), tap.services());
      assertEquals("2", tap.asked().get(1).request().get("nrequest"));
      assertEquals("1", tap.asked().get(4).request().get("nrequest"));
      assertEquals("delayed", tap.asked().get(4).records().get(0).get("action"));
      assertEquals(2, mailToSender().size());
      assertTrue(mailToSender().get(0).contains("Delayed Mail"));
      assertTrue(mailToSender().get(1).contains("Action: failed"));
    }
  }

  @Test
  void aReportThatCannotBeDeliveredIsNotReported() throws IOException {
    mx.otherwise(Script.permanent());
    mta = builder().start();
    try (RawSmtp client = RawSmtp.greeted(mta.smtp())) {
      client.send("elsewhere@one.test", MESSAGE, "<nobody@one.test>");
    }
    awaitEmptyQueue();

    assertEquals(0, mx.received().size());
    assertEquals(1, mx.attempts("elsewhere@one.test"));
  }

  @Test
  void anUnknownHostAnUnreachableOneAndALostConnectionAreWordedAsPostfixDoes() throws IOException {
    Exchanger gone = Exchanger.start("gone.test");
    gone.close();
    mx.at("lost", Script.drop(Stage.DOT).times(1));
    mta =
        TestMta.builder(directory)
            .route("one.test", mx.address())
            .route("gone.test", gone.address())
            .start();

    String id = send("<a@nowhere.test>", "<b@gone.test>", "<lost@one.test>");
    awaitAttempts(id, 3);

    String port = ":" + gone.address().getPort();
    assertEquals(
        List.of(
            "Host or domain name not found."
                + " Name service error for name=nowhere.test type=AAAA: Host not found",
            "connect to 127.0.0.1[127.0.0.1]" + port + ": Connection refused",
            "lost connection with 127.0.0.1[127.0.0.1] while"
                + " sending end of data -- message may be sent more than once"),
        mta.log(id).stream().map(Mta.LogLine::text).toList());
  }

  @Test
  void moreRecipientsThanOneTransactionTakesAreSplit() throws IOException {
    mta = builder().start();
    String[] recipients = new String[120];
    for (int i = 0; i < recipients.length; i++) {
      recipients[i] = "<r" + i + "@one.test>";
    }

    send(recipients);
    awaitEmptyQueue();

    assertEquals(
        List.of(50, 50, 20), mx.received().stream().map(m -> m.recipients().size()).toList());
  }

  @Test
  void doubleRecipientsGetOneCopy() throws IOException {
    mta = builder().start();

    send("<b@one.test>", "<B@One.Test>");
    awaitEmptyQueue();

    assertEquals(1, mx.received().get(0).recipients().size());
  }

  @Test
  void smtpUtf8MailGoesOnOnlyWhereItIsOffered() throws IOException {
    Exchanger old = Exchanger.start(Exchanger.Settings.named("old.test").offering("8BITMIME"));
    mta = builder().route("old.test", old.address()).start();
    try (RawSmtp client = RawSmtp.greeted(mta.smtp())) {
      client.say("MAIL FROM:<sender@local.test> SMTPUTF8 BODY=8BITMIME");
      client.say("RCPT TO:<r\u00c3\u00a9al@one.test>");
      client.say("RCPT TO:<r\u00c3\u00a9al@old.test>");
      client.say("DATA");
      client.say(MESSAGE + "\r\n.");
    }
    awaitEmptyQueue();
    old.close();

    Exchanger.Received received = mx.received().get(0);
    assertEquals("r\u00e9al@one.test", received.recipients().get(0).address());
    assertTrue(received.senderParameters().containsKey("SMTPUTF8"));
    assertEquals(0, old.received().size());
    assertTrue(mailToSender().get(0).contains("Status: 5.6.7"));
  }

  @Test
  void repliesOfSeveralLinesAndOtherBytesAreLoggedAsOneLine() throws IOException {
    mx.at("lines", Script.accept(Reply.of(250, "2.0.0 first", "2.0.0 queued as {id}")));
    mx.at("latin1", Script.answer(Stage.RCPT, Reply.of(550, "5.1.1 Empf\u00e4nger").as8Bit()));
    mx.at("utf8", Script.answer(Stage.RCPT, Reply.of(550, "5.1.1 Empf\u00e4nger")));
    mta = builder().start();

    String id = send("<latin1@one.test>", "<utf8@one.test>", "<lines@one.test>");
    awaitEmptyQueue();

    List<String> texts = mta.log(id).stream().map(Mta.LogLine::text).toList();
    assertTrue(texts.get(0).contains("550 5.1.1 Empf?nger "), texts.get(0));
    assertTrue(texts.get(1).contains("550 5.1.1 Empf\u00e4nger "), texts.get(1));
    String queuedAs = mx.received().get(0).queueId();
    assertEquals("250-2.0.0 first 250 2.0.0 queued as " + queuedAs, texts.get(2));
  }

  @Test
  void theQueueFileHoldsTheEnvelopeInPostfixsRecords() throws IOException {
    mx.otherwise(Script.temporary(100));
    mta = builder().start();

    String id = send("<b@one.test>", "<friend@local.test>");
    awaitDeferred(id);

    byte[] file =
        Files.readAllBytes(directory.resolve("deferred").resolve(id.substring(0, 1)).resolve(id));
    String text = new String(file, StandardCharsets.ISO_8859_1);
    assertTrue(text.startsWith("C" + (char) 95), text.substring(0, 2));
    assertTrue(text.contains("S\u0011sender@local.test"));
    assertTrue(text.contains("O\nb@one.testR\nb@one.test"));
    assertTrue(text.contains("D\u0011friend@local.test"));
  }
}
