package org.mailjournal.egress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.Status;

final class TroubleTest extends RelayCase {
  @BeforeEach
  void relayWithLittlePatience() throws IOException {
    fixture.patience(Duration.ofSeconds(2)).start();
    fixture.received("Q1", A, B);
  }

  private String mail() throws IOException {
    return mail(RelayFixture.message("Q1"));
  }

  private String mail(String content) throws IOException {
    try (FakeClient client = fixture.client()) {
      return client.mail(A, B, content);
    }
  }

  private void assertDelayedByUs(String reply, String start) {
    assertTrue(reply.startsWith(start + " mail-journal: "), reply);
    Event.Outcome outcome = fixture.onlyOutcome();
    assertEquals(Status.DELAYED, outcome.status());
    assertEquals("Q1", outcome.message().queueId().text());
    assertEquals(Optional.empty(), outcome.reply());
    assertEquals(Optional.of(reply), outcome.reason());
  }

  @Test
  void noConnectionIsOurOwnDelayAndNamesThePeer() throws IOException {
    hop.close();
    String reply = mail();
    assertDelayedByUs(reply, "451 4.4.1");
    assertTrue(reply.contains("127.0.0.1:" + hop.port()), reply);
  }

  @ParameterizedTest
  @ValueSource(strings = {"greeting", "EHLO", "MAIL", "RCPT", "DATA", "content"})
  void aNextHopThatDiesIsOurOwnDelay(String stage) throws IOException {
    hop.says(stage, FakeHop.CLOSE);
    assertDelayedByUs(mail(), "451 4.4.2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"greeting", "MAIL", "RCPT", "DATA", "content"})
  @Execution(ExecutionMode.CONCURRENT)
  void aNextHopThatSaysNothingIsLeftAfterItsTime(String stage) {
    hop.says(stage, FakeHop.SILENCE);
    assertTimeout(
        Duration.ofSeconds(30),
        () -> {
          String reply = mail();
          assertTrue(reply.contains("nothing for"), reply);
          assertDelayedByUs(reply, "451 4.4.2");
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hello there\r\n",
        "250 nul \0 inside\r\n",
        "250 bare\n250 LF\r\n",
        "250-one\r\n251 other\r\n",
        "999 no\r\n",
        "150 wait\r\n",
        "354 go\r\n",
        "2"
      })
  void garbageInPlaceOfAReplyIsOurOwnDelay(String garbage) throws IOException {
    hop.says("content", garbage);
    String reply = mail();
    assertTrue(reply.startsWith("451 4."), reply);
    assertEquals(Status.DELAYED, fixture.onlyOutcome().status());
    assertTrue(reply.contains("end of data with [127.0.0.1]"), reply);
    assertFalse(reply.contains("\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "250-and on\r\n"})
  void aReplyWithoutEndIsCutOff(String piece) throws IOException {
    hop.says("content", piece.repeat(1_000_000 / piece.length()));
    assertDelayedByUs(mail(), "451 4.5.0");
  }

  @Test
  @Execution(ExecutionMode.CONCURRENT)
  void aNextHopThatTakesNoContentIsLeftAfterItsTime() throws IOException {
    hop.readsNoContent();
    try (FakeClient client = fixture.client()) {
      client.ask("MAIL FROM:<a@example.org>");
      client.ask("RCPT TO:<b@example.net>");
      client.ask("DATA");
      client.send(RelayFixture.message("Q1"));
      byte[] line = ("x".repeat(998) + "\r\n").getBytes(ISO_8859_1);
      for (int i = 0; i < 20_000; i++) {
        client.send(line, line.length);
      }
      client.send(".\r\n");
      assertDelayedByUs(client.reply(), "451 4.4.2");
    }
  }

  @Test
  void aNextHopThatLeavesInTheMiddleOfASessionIsPassedOnWithItsWords() throws IOException {
    hop.says("RCPT", "421 4.3.2 shutting down\r\n");
    try (FakeClient client = fixture.client()) {
      client.ask("MAIL FROM:<a@example.org>");
      assertEquals("421 4.3.2 shutting down", client.ask("RCPT TO:<b@example.net>"));
    }
    assertEquals(Optional.of("421 4.3.2 shutting down"), fixture.onlyOutcome().reply());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\n.\nMAIL FROM:<evil@example.org>\r\n",
        "a\n.\r\nMAIL FROM:<evil@example.org>\r\n",
        "a\r\n.\nMAIL FROM:<evil@example.org>\r\n",
        "a\r.\r\nMAIL FROM:<evil@example.org>\r\n",
        "a\r\n.\rMAIL FROM:<evil@example.org>\r\n",
        "a\r\r\n.b\r\n",
        "bare\nLF\r\n",
        "\n.\r\n",
        "a\r\n\r.\r\nb\r\n"
      })
  void smugglingReachesNobody(String content) throws IOException {
    try (FakeClient client = fixture.client()) {
      String reply = client.mail(A, B, RelayFixture.message("Q1") + content);
      assertTrue(reply.startsWith("550 5.6.0 mail-journal: "), reply);
      assertTrue(client.ask("NOOP").startsWith("250"));
    }
    assertTrue(hop.contents().isEmpty());
    assertTrue(hop.commands().stream().noneMatch(c -> c.contains("evil")));
    assertEquals(Status.FAILED, fixture.onlyOutcome().status());
    assertEquals("Q1", fixture.onlyOutcome().message().queueId().text());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "MAIL FROM:<a@example.org>\nRCPT TO:<b@example.net>\r\n",
        "MAIL FROM:<a@example.org>\rRCPT TO:<b@example.net>\r\n",
        "MAIL FROM:<a@example.org\0>\r\n",
      })
  void commandsEndWithCrLfOnly(String command) throws IOException {
    try (FakeClient client = fixture.client()) {
      client.send(command);
      assertTrue(client.reply().startsWith("501 "));
    }
    assertTrue(hop.commands().isEmpty());
  }

  @Test
  void anEndlessCommandIsCutOff() throws IOException {
    try (FakeClient client = fixture.client()) {
      client.send("MAIL FROM:<" + "a".repeat(5000));
      assertTrue(client.reply().startsWith("501 "));
    }
  }

  @Test
  void aClientThatLeavesInTheMiddleDeliversNothing() throws IOException {
    try (FakeClient client = fixture.client()) {
      client.ask("MAIL FROM:<a@example.org>");
      client.ask("RCPT TO:<b@example.net>");
      client.ask("DATA");
      client.send(RelayFixture.message("Q1"));
    }
    await().until(() -> hop.commands().contains("DATA"));
    await().until(() -> !fixture.outcomes().isEmpty());
    assertTrue(hop.contents().isEmpty());
    assertEquals(Status.DELAYED, fixture.onlyOutcome().status());
  }

  @Test
  void aClientThatLeavesBeforeItIsToldIsSaidSo() throws IOException {
    fixture.close();
    fixture = new RelayFixture(directory).route("*", hop).patience(Duration.ofSeconds(60)).start();
    fixture.received("Q1", A, B);
    hop.says("content", FakeHop.LATE + "250 2.0.0 Ok: queued as LATE\r\n");
    try (FakeClient client = fixture.client()) {
      client.ask("MAIL FROM:<a@example.org>");
      client.ask("RCPT TO:<b@example.net>");
      client.ask("DATA");
      client.send(RelayFixture.message("Q1") + ".\r\n");
      await().until(() -> hop.contents().size() == 1);
    }
    hop.goOn();
    await().until(() -> fixture.outcomes().size() == 1);
    assertEquals(Status.RELAYED, fixture.onlyOutcome().status());
    assertTrue(fixture.onlyOutcome().reason().get().contains("left before it was told"));
  }

  @Test
  void drainingWaitsForTheOpenTransactionAndBeginsNoOther() throws Exception {
    try (FakeClient client = fixture.client();
        FakeClient idle = fixture.client()) {
      client.ask("MAIL FROM:<a@example.org>");
      client.ask("RCPT TO:<b@example.net>");
      assertFalse(fixture.relay().drain(Duration.ofMillis(50)));
      assertTrue(idle.ask("MAIL FROM:<a@example.org>").startsWith("421 4.3.2"));
      client.ask("DATA");
      client.send(RelayFixture.message("Q1") + ".\r\n");
      assertTrue(client.reply().startsWith("250"));
      assertTrue(fixture.relay().drain(Duration.ofSeconds(60)));
    }
  }
}
