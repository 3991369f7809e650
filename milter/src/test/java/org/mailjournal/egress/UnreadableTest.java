package org.mailjournal.egress;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.Status;

/** What becomes of outcomes whose message the journal has, and cannot read. */
final class UnreadableTest extends RelayCase {
  private static final String TAKEN = "250 2.0.0 Ok: queued as X1";
  private static final String REFUSED = "550 5.1.1 no such user";

  private MessageKey message;

  @BeforeEach
  void aMessageWaits() throws IOException {
    fixture.start();
    message = fixture.received("Q1", A, B);
  }

  private String mail() throws IOException {
    try (FakeClient client = fixture.client()) {
      return client.mail(A, B, RelayFixture.message("Q1"));
    }
  }

  private String onlyOddity() {
    List<Event.Oddity> all = fixture.journal.events(Event.Oddity.class);
    assertEquals(1, all.size(), all.toString());
    return all.get(0).problem();
  }

  private void assertOnlyOddityNames(String reply) {
    String problem = onlyOddity();
    assertTrue(problem.contains(B) && problem.contains(reply), problem);
    assertTrue(problem.contains("it is damaged"), problem);
  }

  private long waiting() throws IOException {
    return Files.readString(directory.resolve("emergency"))
        .lines()
        .filter(line -> !line.isEmpty())
        .count();
  }

  @Test
  void aRefusalIsPassedOnWhereOlderMailOfTheSenderIsDamaged() throws IOException {
    fixture.journal.damaged("Q1", true);
    fixture.received("Q2", A, B);
    hop.says("RCPT", REFUSED + "\r\n");
    try (FakeClient client = fixture.client()) {
      client.ask("MAIL FROM:<" + A + ">");
      assertEquals(REFUSED, client.ask("RCPT TO:<" + B + ">"));
      client.ask("RSET");
    }
    assertOnlyOddityNames(REFUSED);
  }

  @Test
  void whatHasNoQueueIdIsPassedOnWhereMailOfTheSenderIsDamaged() throws IOException {
    fixture.journal.damaged("Q1", true);
    hop.says("content", REFUSED + "\r\n");
    try (FakeClient client = fixture.client()) {
      assertEquals(REFUSED, client.mail(A, B, "Subject: no trace\r\n\r\nx\r\n"));
    }
    assertOnlyOddityNames(REFUSED);
  }

  @Test
  void aDamagedMessageIsNotMadeAnewAndItsReplyIsPassedOn() throws IOException {
    fixture.journal.damaged("Q1", true);
    hop.says("content", TAKEN + "\r\n");

    assertEquals(TAKEN, mail());

    assertOnlyOddityNames(TAKEN);
    assertEquals(1, fixture.journal.events(Event.Received.class).size());
    assertEquals(0, waiting());
  }

  @Test
  void aRefusalOfADamagedMessageIsPassedOn() throws IOException {
    fixture.journal.damaged("Q1", true);
    hop.says("content", REFUSED + "\r\n");

    assertEquals(REFUSED, mail());

    assertOnlyOddityNames(REFUSED);
  }

  @Test
  void whatCannotBeReadNowIsJoinedLater() throws IOException {
    fixture.journal.unreadable(true);
    hop.says("content", TAKEN + "\r\n");

    assertEquals(TAKEN, mail());
    assertEquals(1, waiting());
    fixture.journal.unreadable(false);
    fixture.relay().replay();

    await().until(() -> !fixture.outcomes().isEmpty());
    assertEquals(message, fixture.onlyOutcome().message());
    assertEquals(Status.RELAYED, fixture.onlyOutcome().status());
    assertEquals(1, fixture.journal.events(Event.Received.class).size());
  }

  @Test
  void aRefusalOfWhatCannotBeReadNowComesAgain() throws IOException {
    fixture.journal.unreadable(true);
    hop.says("content", REFUSED + "\r\n");

    assertTrue(mail().startsWith("451 4.3.0 mail-journal: "));

    assertEquals(0, waiting());
    assertTrue(fixture.outcomes().isEmpty());
    assertEquals(1, fixture.journal.events(Event.Received.class).size());
  }
}
