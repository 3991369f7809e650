package org.mailjournal.egress;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.Status;

/** Clients and next hops that do what nobody may. */
final class HostileTest extends RelayCase {
  @Test
  void aClientThatWaitsForNothingIsServedInOrder() throws IOException {
    fixture.start();
    String transaction = "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.net>\r\nDATA\r\n%s.\r\n";
    try (FakeClient client = fixture.client()) {
      client.send(
          transaction.formatted(RelayFixture.message("Q1"))
              + transaction.formatted(RelayFixture.message("Q2"))
              + "NOOP\r\n");
      for (String code : "250 250 354 250 250 250 354 250 250".split(" ", -1)) {
        assertEquals(code, client.reply().substring(0, 3));
      }
    }
    assertEquals(2, hop.contents().size());
    assertEquals(
        List.of("Q1", "Q2"),
        fixture.outcomes().stream().map(o -> o.message().queueId().text()).toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\n",
        "\u0001\u0002\u0003\u0004\r\n",
        "MAILFROM:<a@example.org>\r\n",
        "RCPT TO:<b@example.net>\r\n",
        "DATA\r\n",
        "BDAT 5 LAST\r\n",
        "STARTTLS\r\n",
        "MAIL FROM:<a@example.org\r\n",
        " \r\n"
      })
  void garbageIsRefusedAndReachesNobody(String garbage) throws IOException {
    fixture.start();
    try (FakeClient client = fixture.client()) {
      client.send(garbage);
      assertTrue(client.reply().startsWith("50"));
      assertTrue(client.ask("NOOP").startsWith("250"));
    }
    assertTrue(hop.commands().isEmpty());
  }

  @Test
  void aClientThatSaysNothingIsLeftAfterItsTime() throws IOException {
    fixture.clientPatience(Duration.ofMillis(500)).start();
    try (FakeClient client = fixture.client()) {
      assertTrue(client.reply().startsWith("421 "));
      assertThrows(EOFException.class, client::reply);
    }
  }

  @Test
  void aClientThatSaysNothingInTheMiddleOfItsMessageDeliversNothing() throws IOException {
    fixture.clientPatience(Duration.ofSeconds(1)).start();
    try (FakeClient client = fixture.client()) {
      String envelope = "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.net>\r\nDATA\r\n";
      client.send(envelope + RelayFixture.message("Q1"));
      assertThrows(
          IOException.class,
          () -> {
            while (true) {
              client.reply();
            }
          });
    }
    await().until(() -> hop.commands().contains("DATA"));
    assertTrue(hop.contents().isEmpty());
    assertTrue(fixture.outcomes().isEmpty());
  }

  @Test
  void anAnswerInFrontOfTheContentIsNoAnswerToIt() throws IOException {
    fixture.start();
    fixture.received("Q1", A, B);
    hop.says("DATA", "354 go\r\n250 2.0.0 Ok: queued as FORGED\r\n");
    try (FakeClient client = fixture.client()) {
      String reply = client.mail(A, B, RelayFixture.message("Q1"));
      assertTrue(reply.startsWith("451 4.5.0 mail-journal: DATA with "), reply);
    }
    assertEquals(Status.DELAYED, fixture.onlyOutcome().status());
  }

  @Test
  void aNextHopThatSaysTooMuchGetsNoSecondMessageOnTheConnection() throws IOException {
    fixture.start();
    hop.says("content", "250 2.0.0 Ok: queued as 1\r\n250 2.0.0 Ok: queued as FORGED\r\n");
    try (FakeClient client = fixture.client()) {
      assertEquals("250 2.0.0 Ok: queued as 1", client.mail(A, B, RelayFixture.message("Q1")));
      assertEquals("250 2.0.0 Ok: queued as 2", client.mail(A, B, RelayFixture.message("Q2")));
    }
    assertEquals(2, hop.connections());
  }

  @Test
  void aMailboxWithoutItsDomainIsTheOneThatSendmailsLocalMailerHas() throws IOException {
    fixture.start();
    fixture.received("Q1", A, Optional.of("local"), "Bob+x@local.example", "d@far.example");
    try (FakeClient client = fixture.client()) {
      client.mail(A, "bob", RelayFixture.message("Q1"));
      client.mail(A, "c", RelayFixture.message("Q1"));
    }
    assertEquals(
        List.of("Bob+x@local.example", "c"),
        fixture.outcomes().stream()
            .map(Event.Outcome::recipient)
            .map(r -> r.address().text())
            .toList());
  }

  @Test
  void aRefusalOfAMailboxWithoutItsDomainFindsItsMessage() throws IOException {
    fixture.start();
    fixture.received("Q1", A, Optional.of("local"), "bob@local.example");
    hop.says("RCPT", "550 5.1.1 no such user\r\n");
    try (FakeClient client = fixture.client()) {
      client.ask("MAIL FROM:<a@example.org>");
      assertTrue(client.ask("RCPT TO:<bob>").startsWith("550"));
    }
    assertEquals("bob@local.example", fixture.onlyOutcome().recipient().address().text());
  }

  @Test
  void ofRecipientsBeyondTheLimitNothingIsKeptAndTheOthersAreServed() throws IOException {
    fixture.limits(new Settings.Limits(1000, 20, 10, 2)).start();
    fixture.received("Q1", A, B, "c@example.net", "d@example.net");
    try (FakeClient client = fixture.client()) {
      client.send("MAIL FROM:<a@example.org>\r\n");
      for (String name : List.of("b", "c", "d", "e")) {
        client.send("RCPT TO:<" + name + "@example.net>\r\n");
      }
      client.send("DATA\r\n");
      for (String code : "250 250 250 452 452 354".split(" ", -1)) {
        assertEquals(code, client.reply().substring(0, 3));
      }
      client.send(RelayFixture.message("Q1") + ".\r\n");
      assertTrue(client.reply().startsWith("250"));
    }
    assertEquals(2, fixture.outcomes().size());
    assertTrue(fixture.outcomes().stream().allMatch(o -> o.status() == Status.RELAYED));
  }

  @Test
  void whoNeverStopsNamingRecipientsIsLeft() throws IOException {
    fixture.limits(new Settings.Limits(1000, 20, 10, 2)).start();
    try (FakeClient client = fixture.client()) {
      client.ask("MAIL FROM:<a@example.org>");
      client.ask("RCPT TO:<b@example.net>");
      client.ask("RCPT TO:<c@example.net>");
      for (int i = 0; i < 20; i++) {
        assertTrue(client.ask("RCPT TO:<d@example.net>").startsWith("452 4.5.3 mail-journal: "));
      }
      assertTrue(client.ask("RCPT TO:<d@example.net>").startsWith("421 4.5.3 mail-journal: "));
      assertThrows(EOFException.class, client::reply);
    }
    assertEquals(0, hop.contents().size());
  }

  @Test
  void ofAnEndlessReplyTheClientHasAllAndTheJournalItsBeginning() throws IOException {
    fixture.start();
    fixture.received("Q1", A, B);
    String line = "550-5.7.1 " + "no".repeat(100);
    hop.says("content", (line + "\r\n").repeat(70) + "550 5.7.1 no\r\n");
    try (FakeClient client = fixture.client()) {
      String reply = client.mail(A, B, RelayFixture.message("Q1"));
      assertEquals((line + "\n").repeat(70) + "550 5.7.1 no", reply);
    }
    String recorded = fixture.onlyOutcome().reply().orElseThrow();
    assertEquals(String.join("\n", Collections.nCopies(19, line)) + " [cut off]", recorded);
  }

  /**
   * Sendmail reads 2,047 octets of it, and takes the rest for the reply to its next command, which
   * may be about somebody else's mail.
   */
  @Test
  void theEndOfALongLineIsNoReplyOfItsOwn() throws IOException {
    fixture.start();
    fixture.received("Q1", A, B);
    String line = "250 2.0.0 Ok: queued as 1; " + "x".repeat(2020);
    hop.says("content", line + "250 2.0.0 Ok: queued as FORGED\r\n");
    try (FakeClient client = fixture.client()) {
      assertEquals(line.substring(0, 2000), client.mail(A, B, RelayFixture.message("Q1")));
      assertEquals("250 2.0.0 Ok: queued as 2", client.mail(A, B, RelayFixture.message("Q2")));
    }
    assertEquals(Optional.of(line.substring(0, 2000)), fixture.outcomes().get(0).reply());
  }

  @Test
  void aLongLineIsCutBetweenCharacters() throws IOException {
    fixture.start();
    fixture.received("Q1", A, B);
    String begin = "250 2.0.0 x";
    byte[] many = "\u00fc".repeat(1100).getBytes(StandardCharsets.UTF_8);
    hop.says("content", begin + new String(many, StandardCharsets.ISO_8859_1) + "\r\n");
    try (FakeClient client = fixture.client()) {
      client.mail(A, B, RelayFixture.message("Q1"));
    }
    assertEquals(Optional.of(begin + "\u00fc".repeat(994)), fixture.onlyOutcome().reply());
  }

  @Test
  void aLineWithoutEndIsNoReply() throws IOException {
    fixture.start();
    fixture.received("Q1", A, B);
    hop.says("content", "250 " + "x".repeat(100_000) + "\r\n");
    try (FakeClient client = fixture.client()) {
      String reply = client.mail(A, B, RelayFixture.message("Q1"));
      assertTrue(reply.startsWith("451 4.5.0 mail-journal: end of data with "), reply);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "250 2.0.0 Ok: queued as EARLY, 451 4.5.0 mail-journal: content with ",
    "552 5.3.4 too big, 552 5.3.4 too big"
  })
  void whatIsSaidInTheMiddleOfTheContentIsNoAnswerToAllOfItUnlessItRefuses(
      String early, String answer) throws IOException {
    fixture.start();
    fixture.received("Q1", A, B);
    hop.says("early", early + "\r\n");
    try (FakeClient client = fixture.client()) {
      client.ask("MAIL FROM:<" + A + ">");
      client.ask("RCPT TO:<" + B + ">");
      client.ask("DATA");
      client.send(RelayFixture.message("Q1") + "0123456789\r\n".repeat(5_000));
      await().until(() -> hop.commands().contains("early"));
      client.send(".\r\n");
      String reply = client.reply();
      assertTrue(reply.startsWith(answer), reply);
    }
    assertTrue(hop.contents().isEmpty());
    assertTrue(fixture.onlyOutcome().status() != Status.RELAYED);
  }
}
