package org.mailjournal.egress;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageId;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.QueueId;
import org.mailjournal.journal.Remote;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

/** An MTA that has no more patience than we have, and leaves before a stalling next hop answers. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class LeavingTest extends RelayCase {
  private static final String C = "c@example.net";
  private static final String LEFT = "; our client left before it was told, and may try again";

  @BeforeEach
  void aPatientRelay() throws IOException {
    fixture.patience(Duration.ofSeconds(60)).start();
  }

  /** Said with one write, as by Postfix; the answers are for who wants them. */
  private static void envelope(FakeClient client, String... recipients) throws IOException {
    StringBuilder commands = new StringBuilder("MAIL FROM:<" + A + ">\r\n");
    List.of(recipients).forEach(r -> commands.append("RCPT TO:<").append(r).append(">\r\n"));
    client.send(commands + "DATA\r\n");
  }

  private void awaitOutcomes(int count) {
    await().atMost(Duration.ofMinutes(1)).until(() -> fixture.outcomes().size() >= count);
  }

  private List<String> oddities() {
    return fixture.journal.events(Event.Oddity.class).stream().map(Event.Oddity::problem).toList();
  }

  private static String told(Event.Outcome outcome) {
    return outcome.recipient().address()
        + " "
        + outcome.status().word()
        + " "
        + outcome.reply().orElse("");
  }

  @Test
  void dataIsAnsweredBeforeTheNextHopAnswersIt() throws IOException {
    fixture.received("Q1", A, B);
    hop.says("DATA", FakeHop.LATE + "354 go\r\n");
    try (FakeClient client = fixture.client()) {
      client.ask("MAIL FROM:<" + A + ">");
      client.ask("RCPT TO:<" + B + ">");
      assertEquals("354", client.ask("DATA").substring(0, 3));
      client.send(RelayFixture.message("Q1") + ".\r\n");
      assertTrue(hop.contents().isEmpty());
      hop.goOn();
      assertEquals("250 2.0.0 Ok: queued as 1", client.reply());
    }
    assertEquals(Status.RELAYED, fixture.onlyOutcome().status());
  }

  @Test
  void noContentGoesToANextHopThatRefusesItLate() throws IOException {
    fixture.received("Q1", A, B);
    hop.says("DATA", FakeHop.LATE + "452 4.3.1 no room\r\n");
    try (FakeClient client = fixture.client()) {
      client.ask("MAIL FROM:<" + A + ">");
      client.ask("RCPT TO:<" + B + ">");
      client.ask("DATA");
      client.send(RelayFixture.message("Q1") + ".\r\n");
      hop.goOn();
      assertEquals("452 4.3.1 no room", client.reply());
    }
    assertTrue(hop.contents().isEmpty());
    assertEquals(List.of("DATA"), hop.commands().stream().filter("DATA"::startsWith).toList());
    assertEquals(Optional.of("452 4.3.1 no room"), fixture.onlyOutcome().reply());
  }

  @Test
  void anMtaThatLeavesWhileRcptStallsHasTriedInVain() throws IOException {
    MessageKey key = fixture.received("Q1", A, B);
    hop.says("RCPT", FakeHop.LATE + "250 2.1.5 Ok\r\n");
    try (FakeClient client = fixture.client()) {
      envelope(client, B);
      await().until(() -> hop.commands().stream().anyMatch(c -> c.startsWith("RCPT")));
    }
    hop.goOn();

    awaitOutcomes(1);
    assertEquals(key, fixture.onlyOutcome().message());
    assertEquals(Status.DELAYED, fixture.onlyOutcome().status());
    assertEquals(
        Optional.of("451 4.4.2 mail-journal: not all of the message had come" + LEFT),
        fixture.onlyOutcome().reason());
    assertEquals(Remote.NONE, fixture.onlyOutcome().remote());
    assertTrue(hop.contents().isEmpty());
  }

  @Test
  void whatMadeTheMtaLeaveIsNamed() throws IOException {
    fixture.close();
    fixture = new RelayFixture(directory).route("*", hop).patience(Duration.ofSeconds(2)).start();
    fixture.received("Q1", A, B);
    hop.says("RCPT", FakeHop.SILENCE);
    try (FakeClient client = fixture.client()) {
      envelope(client, B);
      await().until(() -> hop.commands().stream().anyMatch(c -> c.startsWith("RCPT")));
    }

    awaitOutcomes(1);
    Event.Outcome outcome = fixture.onlyOutcome();
    assertEquals(Status.DELAYED, outcome.status());
    assertTrue(
        outcome.reason().get().contains("RCPT with [127.0.0.1] (127.0.0.1:"), outcome::toString);
    assertTrue(outcome.reason().get().endsWith("nothing for 2 s" + LEFT), outcome::toString);
    assertEquals(Optional.of("127.0.0.1:" + hop.port()), outcome.remote().address());
  }

  /** Sendmail and Postfix come again; were it "failed", what the next attempt brings were lost. */
  @Test
  void whatIsRefusedForGoodAndNotHeardIsTriedAgain() throws IOException {
    fixture.received("Q1", A, B, C);
    hop.says("MAIL", FakeHop.LATE + "553 5.1.8 sender domain does not exist\r\n");
    try (FakeClient client = fixture.client()) {
      envelope(client, B);
      await().until(() -> hop.commands().stream().anyMatch(c -> c.startsWith("MAIL")));
    }
    hop.goOn();

    awaitOutcomes(1);
    assertEquals(
        B + " delayed 553 5.1.8 sender domain does not exist", told(fixture.onlyOutcome()));
    assertEquals(Optional.empty(), fixture.onlyOutcome().dsn());
  }

  @Test
  void aContentThatIsRefusedForGoodAndNotHeardIsTriedAgain() throws IOException {
    fixture.received("Q1", A, B);
    hop.says("content", FakeHop.LATE + "554 5.7.1 not wanted\r\n");
    try (FakeClient client = fixture.client()) {
      envelope(client, B);
      client.send(RelayFixture.message("Q1") + ".\r\n");
      await().until(() -> hop.contents().size() == 1);
    }
    hop.goOn();

    awaitOutcomes(1);
    assertEquals(B + " delayed 554 5.7.1 not wanted", told(fixture.onlyOutcome()));
  }

  @Test
  void inTheMiddleOfTheContentTheQueueIdNamesTheMessage() throws IOException {
    fixture.received("Q1", A, B, C);
    MessageKey key = fixture.received("Q2", A, B, C);
    hop.says("RCPT TO:<" + C, "550 5.1.1 no such user\r\n");
    try (FakeClient client = fixture.client()) {
      envelope(client, B, C);
      client.send(RelayFixture.message("Q2") + "half a l");
      await().until(() -> hop.commands().contains("DATA"));
    }

    awaitOutcomes(2);
    assertEquals(
        List.of(C + " failed 550 5.1.1 no such user", B + " delayed "),
        fixture.outcomes().stream().map(LeavingTest::told).toList());
    assertTrue(fixture.outcomes().stream().allMatch(o -> o.message().equals(key)));
    assertTrue(hop.contents().isEmpty());
  }

  @Test
  void anAttemptThatCouldConcernTwoMessagesTouchesNeither() throws IOException {
    fixture.received("Q1", A, B);
    fixture.received("Q2", A, B);
    try (FakeClient client = fixture.client()) {
      client.ask("MAIL FROM:<" + A + ">");
      client.ask("RCPT TO:<" + B + ">");
    }
    await().until(() -> !oddities().isEmpty());
    assertTrue(fixture.outcomes().isEmpty());
    assertTrue(oddities().get(0).contains("Q1.") && oddities().get(0).contains("Q2."));
  }

  /** The MTA came again by another connection and is done; this one is no message that waits. */
  @Test
  void aMessageThatCameMeanwhileIsNotSaidToBeDelayed() throws IOException {
    hop.says("RCPT", FakeHop.LATE + "250 2.1.5 Ok\r\n");
    try (FakeClient client = fixture.client()) {
      envelope(client, B);
      await().until(() -> hop.commands().stream().anyMatch(c -> c.startsWith("RCPT")));
    }
    MessageKey later =
        new MessageKey(RelayFixture.MTA, new QueueId("Q2"), RelayFixture.NOON.plusSeconds(1));
    fixture.received(later, new MessageId("later@example.org"), A, Optional.empty(), B);
    hop.goOn();

    await().until(() -> !oddities().isEmpty());
    assertTrue(fixture.outcomes().isEmpty());
  }

  /** Postfix's verify(8) does so, for no message. */
  @Test
  void whoEndsATransactionWithoutContentHasTriedNothing() throws IOException {
    fixture.received("Q1", A, B);
    try (FakeClient client = fixture.client()) {
      for (String end : new String[] {"RSET", "QUIT"}) {
        client.ask("MAIL FROM:<" + A + ">");
        client.ask("RCPT TO:<" + B + ">");
        client.ask(end);
      }
    }
    await().until(() -> hop.connections() > 0);
    fixture.close();
    assertTrue(fixture.outcomes().isEmpty());
    assertTrue(oddities().isEmpty());
  }

  /** Postfix sends DATA with its last RCPT, sendmail does not. */
  @ParameterizedTest
  @ValueSource(strings = {"", "DATA\r\n"})
  void aRecipientThatIsRefusedForGoodAndDoesNotHearItIsTriedAgain(String ahead) throws IOException {
    fixture.received("Q1", A, B);
    hop.says("RCPT", FakeHop.LATE + "550 5.1.1 no such user\r\n");
    try (FakeClient client = fixture.client()) {
      client.ask("MAIL FROM:<" + A + ">");
      client.send("RCPT TO:<" + B + ">\r\n" + ahead);
      await().until(() -> hop.commands().stream().anyMatch(c -> c.startsWith("RCPT")));
    }
    hop.goOn();

    awaitOutcomes(1);
    assertEquals(B + " delayed 550 5.1.1 no such user", told(fixture.onlyOutcome()));
    assertEquals(Optional.of(LEFT.substring(2)), fixture.onlyOutcome().reason());
    assertEquals(Optional.of("127.0.0.1:" + hop.port()), fixture.onlyOutcome().remote().address());
  }

  /** No fingerprint keeps a mailbox from having it twice. */
  @Test
  void aMailboxGetsNothingFromAnMtaThatLeftWhileDataStalled() throws IOException {
    fixture.close();
    hop.speaksLmtp().says("DATA", FakeHop.LATE + "354 go\r\n");
    fixture =
        new RelayFixture(directory)
            .route(
                Route.of(
                    "*", "lmtp:inet:127.0.0.1:" + hop.port(), Optional.empty(), Optional.empty()))
            .patience(Duration.ofSeconds(60))
            .start();
    fixture.received("Q1", A, B);
    try (FakeClient client = fixture.client()) {
      client.ask("LHLO mail.example.org");
      client.ask("MAIL FROM:<" + A + ">");
      client.ask("RCPT TO:<" + B + ">");
      client.ask("DATA");
      client.send(RelayFixture.message("Q1") + ".\r\n");
      await().until(() -> hop.commands().contains("DATA"));
    }
    hop.goOn();

    awaitOutcomes(1);
    assertEquals(
        Optional.of("451 4.4.2 mail-journal: the message was not sent on" + LEFT),
        fixture.onlyOutcome().reason());
    assertEquals(Remote.NONE, fixture.onlyOutcome().remote());
    assertTrue(hop.contents().isEmpty());
  }

  @Test
  void theHalfOfAQueueIdNamesNoMessage() throws IOException {
    for (String id : List.of("Q1", "Q12")) {
      MessageKey key =
          new MessageKey(RelayFixture.MTA, new QueueId(id), RelayFixture.NOON.minusSeconds(60));
      fixture.received(key, Source.MILTER, Optional.empty(), A, Optional.empty(), B);
    }
    String content = RelayFixture.message("Q12");
    try (FakeClient client = fixture.client()) {
      envelope(client, B);
      client.send(content.substring(0, content.indexOf("Q12") + 2));
      await().until(() -> hop.commands().contains("DATA"));
    }

    await().until(() -> !oddities().isEmpty() || !fixture.outcomes().isEmpty());
    assertTrue(fixture.outcomes().isEmpty(), () -> fixture.outcomes().toString());
  }
}
