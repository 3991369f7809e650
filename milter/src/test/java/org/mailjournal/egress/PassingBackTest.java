package org.mailjournal.egress;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageId;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.QueueId;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

final class PassingBackTest extends RelayCase {
  @BeforeEach
  void start() throws IOException {
    fixture.start();
  }

  @Test
  void whatTheNextHopSaysAtTheEndIsRecordedAndPassedBack() throws IOException {
    MessageKey key = fixture.received("6AO7TXQK016468", "a@example.org", "b@example.net");
    hop.says("content", "250-2.0.0 first\r\n250 2.0.0 Ok: queued as 51E02514002\r\n");
    try (FakeClient client = fixture.client()) {
      String reply =
          client.mail("a@example.org", "b@example.net", RelayFixture.message("6AO7TXQK016468"));
      assertEquals("250-2.0.0 first\n250 2.0.0 Ok: queued as 51E02514002", reply);
    }
    Event.Outcome outcome = fixture.onlyOutcome();
    assertEquals(key, outcome.message());
    assertEquals(Status.RELAYED, outcome.status());
    assertEquals(Source.EGRESS, outcome.source());
    assertEquals("2.0.0", outcome.dsn().get().toString());
    assertEquals(
        Optional.of("250-2.0.0 first\n250 2.0.0 Ok: queued as 51E02514002"), outcome.reply());
    assertEquals(Optional.of("127.0.0.1:" + hop.port()), outcome.remote().address());
    MessageState state = fixture.journal.message("6AO7TXQK016468").get();
    assertEquals(Optional.of("51E02514002"), state.recipients().get(0).remoteQueueId());
  }

  @Test
  void contentPassesByteForByte() throws IOException {
    String content =
        RelayFixture.message("Q1")
            + "..stuffed\r\n\u00e9\u00ff 8-bit, a NUL \0 too\r\n"
            + "x".repeat(3000)
            + "\r\n...\r\n no end of line in front of the dot\r\n";
    try (FakeClient client = fixture.client()) {
      client.mail("a@example.org", "b@example.net", content);
    }
    assertArrayEquals(
        (content + ".\r\n").getBytes(StandardCharsets.ISO_8859_1), hop.contents().get(0));
  }

  @Test
  void aMessageIdInUtf8IsTheOneThatTheMilterSawWhateverTheBodyHas() throws IOException {
    String id = "gr\u00fc\u00dfe@example.org";
    MessageKey key =
        new MessageKey(RelayFixture.MTA, new QueueId("Q1"), RelayFixture.NOON.minusSeconds(60));
    fixture.received(key, new MessageId(id), "a@example.org", Optional.empty(), "b@example.net");
    byte[] utf8 = id.getBytes(StandardCharsets.UTF_8);
    String content =
        RelayFixture.message("Q1")
                .replace("Q1@example.org", new String(utf8, StandardCharsets.ISO_8859_1))
                .replace("\r\n\r\n", "\r\nX-Note: \u00e4\r\n\r\n")
            + "\u00e4\r\n";
    try (FakeClient client = fixture.client()) {
      client.mail("a@example.org", "b@example.net", content);
    }
    assertEquals(key, fixture.onlyOutcome().message());
    assertEquals(1, fixture.journal.events(Event.Received.class).size());
  }

  @Test
  void emptyContentPasses() throws IOException {
    try (FakeClient client = fixture.client()) {
      client.mail("a@example.org", "b@example.net", "");
    }
    assertEquals(".\r\n", new String(hop.contents().get(0), StandardCharsets.US_ASCII));
  }

  @Test
  void eachRecipientGetsTheNextHopsOwnWords() throws IOException {
    fixture.received("Q1", "a@example.org", "b@example.net", "c@example.net", "d@example.net");
    hop.says("RCPT TO:<c@", "550-5.1.1 no\r\n550 5.1.1 such user\r\n");
    hop.says("RCPT TO:<d@", "450 4.2.0 greylisted\r\n");
    try (FakeClient client = fixture.client()) {
      client.ask("MAIL FROM:<a@example.org>");
      client.send(
          "RCPT TO:<b@example.net>\r\nRCPT TO:<c@example.net>\r\nRCPT TO:<d@example.net>\r\n");
      assertEquals("250 2.1.5 Ok", client.reply());
      assertEquals("550-5.1.1 no\n550 5.1.1 such user", client.reply());
      assertEquals("450 4.2.0 greylisted", client.reply());
      client.ask("DATA");
      client.send(RelayFixture.message("Q1") + ".\r\n");
      assertEquals("250 2.0.0 Ok: queued as 1", client.reply());
    }
    assertEquals(
        List.of(Status.FAILED, Status.DELAYED, Status.RELAYED),
        fixture.outcomes().stream().map(Event.Outcome::status).toList());
    assertEquals(
        Optional.of("550-5.1.1 no\n550 5.1.1 such user"), fixture.outcomes().get(0).reply());
  }

  @Test
  void aRefusalWithoutContentIsJoinedByTheEnvelope() throws IOException {
    MessageKey key = fixture.received("Q1", "a@example.org", "b@example.net");
    fixture.received("Q2", "other@example.org", "b@example.net");
    hop.says("RCPT", "450 4.2.0 greylisted\r\n");
    try (FakeClient client = fixture.client()) {
      client.ask("MAIL FROM:<a@example.org>");
      assertEquals("450 4.2.0 greylisted", client.ask("RCPT TO:<b@example.net>"));
      assertEquals(key, fixture.onlyOutcome().message());
      assertEquals("503", client.ask("DATA").substring(0, 3));
    }
  }

  @Test
  void aRefusalThatCouldConcernTwoMessagesTouchesNeither() throws IOException {
    fixture.received("Q1", "a@example.org", "b@example.net");
    fixture.received("Q2", "a@example.org", "b@example.net");
    hop.says("RCPT", "450 4.2.0 greylisted\r\n");
    try (FakeClient client = fixture.client()) {
      client.ask("MAIL FROM:<a@example.org>");
      assertEquals("450 4.2.0 greylisted", client.ask("RCPT TO:<b@example.net>"));
      client.ask("RSET");
    }
    assertTrue(fixture.outcomes().isEmpty());
    String problem = fixture.journal.events(Event.Oddity.class).get(0).problem();
    assertTrue(problem.contains("Q1.") && problem.contains("Q2."), problem);
  }

  @Test
  void aRefusalThatCouldConcernAMessageBehindManyOthersTouchesNone() throws IOException {
    fixture.received("OLD", "", Optional.of("local"), "bob@local.example");
    for (int i = 0; i < 50; i++) {
      fixture.received("Q" + i, "", Optional.of("local"), "other@local.example");
    }
    fixture.received("NEW", "", Optional.of("local"), "bob@local.example");
    hop.says("RCPT", "450 4.2.0 greylisted\r\n");
    try (FakeClient client = fixture.client()) {
      client.ask("MAIL FROM:<>");
      assertEquals("450 4.2.0 greylisted", client.ask("RCPT TO:<bob>"));
      client.ask("RSET");
    }
    assertTrue(fixture.outcomes().isEmpty());
    String problem = fixture.journal.events(Event.Oddity.class).get(0).problem();
    assertTrue(problem.endsWith(", of more than are looked at"), problem);
  }

  @Test
  void aRefusalFindsItsMessageHoweverManyHaveEndedBefore() throws IOException {
    try (FakeClient client = fixture.client()) {
      for (int i = 0; i < 51; i++) {
        fixture.received("Q" + i, "a@example.org", "b@example.net");
        client.mail("a@example.org", "b@example.net", RelayFixture.message("Q" + i));
      }
      MessageKey key = fixture.received("NEW", "a@example.org", "b@example.net");
      hop.says("RCPT", "450 4.2.0 greylisted\r\n");
      client.ask("MAIL FROM:<a@example.org>");
      client.ask("RCPT TO:<b@example.net>");
      assertEquals(key, fixture.outcomes().get(51).message());
    }
  }

  @Test
  void aMessageThatTheMilterNeverSawGetsItsRecordHere() throws IOException {
    try (FakeClient client = fixture.client()) {
      client.mail("", "b@example.net", RelayFixture.message("Q9"));
    }
    Event.Received received = fixture.journal.events(Event.Received.class).get(0);
    assertEquals(Source.EGRESS, received.source());
    assertEquals("Q9", received.message().queueId().text());
    assertEquals(RelayFixture.message("Q9").length(), received.size());
    assertEquals(received.message(), fixture.onlyOutcome().message());
  }

  @Test
  void twoTransactionsAtOnceOfSuchAMessageGiveItOneRecord() throws IOException {
    fixture.close();
    fixture =
        new RelayFixture(directory)
            .route("*", hop)
            .patience(Duration.ofSeconds(60))
            .ticking()
            .start();
    fixture.journal.hanging(true);
    try (FakeClient one = fixture.client();
        FakeClient two = fixture.client()) {
      content(one, "b@example.net");
      content(two, "c@example.net");
      await().until(() -> hop.contents().size() == 2 && !fixture.journal.asked().isEmpty());
      fixture.journal.goOn();
      assertEquals("250 250", one.reply().substring(0, 3) + " " + two.reply().substring(0, 3));
    }
    List<Event.Received> received = fixture.journal.events(Event.Received.class);
    assertEquals(1, received.size());
    assertEquals(
        List.of(received.get(0).message(), received.get(0).message()),
        fixture.outcomes().stream().map(Event.Outcome::message).toList());
  }

  private static void content(FakeClient client, String recipient) throws IOException {
    client.ask("MAIL FROM:<a@example.org>");
    client.ask("RCPT TO:<" + recipient + ">");
    client.ask("DATA");
    client.send(RelayFixture.message("Q9") + ".\r\n");
  }

  @Test
  void onlyOurOwnReceivedFieldNamesTheMessage() throws IOException {
    String forged =
        "Received: from by mail.example.org id EVIL1 (by mail.example.org id EVIL2)\r\n"
            + "\tby elsewhere.example id FAR1; Tue\r\n"
            + RelayFixture.message("Q1");
    fixture.received("Q1", "a@example.org", "b@example.net");
    try (FakeClient client = fixture.client()) {
      client.mail("a@example.org", "b@example.net", forged);
    }
    assertEquals(new QueueId("Q1"), fixture.onlyOutcome().message().queueId());
  }

  @Test
  void anUnwillingNextHopIsToldAtTheEndOfDataWhereTheQueueIdIsKnown() throws IOException {
    fixture.received("Q1", "a@example.org", "b@example.net");
    hop.says("MAIL", "553 5.1.8 sender domain does not exist\r\n");
    try (FakeClient client = fixture.client()) {
      client.ask("MAIL FROM:<a@example.org>");
      assertTrue(client.ask("RCPT TO:<b@example.net>").startsWith("250 "));
      client.ask("DATA");
      client.send(RelayFixture.message("Q1") + ".\r\n");
      assertEquals("553 5.1.8 sender domain does not exist", client.reply());
      hop.says("DATA", "554 5.7.1 no\r\n");
      assertEquals(
          "554 5.7.1 no",
          client.mail("a@example.org", "b@example.net", RelayFixture.message("Q1")));
    }
    assertEquals(Status.FAILED, fixture.outcomes().get(0).status());
    assertTrue(hop.contents().isEmpty());
  }

  @Test
  void aHopWithoutExtensionsIsServedStepByStep() throws IOException {
    hop.says("EHLO", "502 5.5.2 what\r\n");
    try (FakeClient client = fixture.client()) {
      client.ask("MAIL FROM:<a@example.org> SIZE=100 BODY=8BITMIME");
      client.ask("RCPT TO:<b@example.net>");
      client.ask("DATA");
      client.send(RelayFixture.message("Q1") + ".\r\n");
      assertEquals("250 2.0.0 Ok: queued as 1", client.reply());
    }
    assertTrue(hop.commands().contains("MAIL FROM:<a@example.org>"));
  }

  @Test
  void parametersGoOnWhereTheyAreOffered() throws IOException {
    try (FakeClient client = fixture.client()) {
      client.ask("MAIL From:<a@example.org> SIZE=347 BODY=8BITMIME SMTPUTF8");
      client.ask("RCPT To:<b@example.net>");
      assertTrue(
          hop.commands().contains("MAIL FROM:<a@example.org> SIZE=347 BODY=8BITMIME SMTPUTF8"));
    }
  }

  @Test
  void theMtaDoesNotTakeUsForItself() throws IOException {
    try (FakeClient client = new FakeClient(fixture.relay().port())) {
      client.reply();
      String reply = client.ask("EHLO " + RelayFixture.MTA);
      assertFalse(reply.substring(4).startsWith(RelayFixture.MTA));
      assertTrue(reply.contains("PIPELINING") && reply.contains("8BITMIME"));
      assertFalse(reply.contains("DSN") || reply.contains("CHUNKING"));
    }
  }
}
