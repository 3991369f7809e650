package org.mailjournal.egress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.Status;

/** Recipients whom sendmail delivers to under another name, or meant to at their reception. */
final class RewrittenTest extends RelayCase {
  private static final String GIVEN = "given@example.net";
  private static final String OTHER = "other@example.com";
  private static final Recipient ROW =
      new Recipient(new Address(OTHER), Optional.of(new Address(GIVEN)));

  @BeforeEach
  void start() throws IOException {
    fixture.start();
    fixture.rewritten("Q1", A, GIVEN, OTHER);
  }

  private Event.Outcome mailTo(String recipient) throws IOException {
    try (FakeClient client = fixture.client()) {
      client.mail(A, recipient, RelayFixture.message("Q1"));
    }
    return fixture.onlyOutcome();
  }

  /** It looks the other name up anew in each queue run, and the table may have changed. */
  @ParameterizedTest
  @ValueSource(strings = {OTHER, GIVEN})
  void underEitherNameItIsOneRecipient(String recipient) throws IOException {
    Event.Outcome outcome = mailTo(recipient);

    assertEquals(Status.RELAYED, outcome.status());
    assertEquals(ROW, outcome.recipient());
  }

  @ParameterizedTest
  @ValueSource(strings = {OTHER, GIVEN})
  void soItIsWhereItIsRefusedBeforeAnyContent(String recipient) throws IOException {
    hop.says("RCPT", "550 5.1.1 no such user here\r\n");
    try (FakeClient client = fixture.client()) {
      client.ask("MAIL FROM:<" + A + ">");
      assertTrue(client.ask("RCPT TO:<" + recipient + ">").startsWith("550"));
      client.ask("RSET");
    }

    assertEquals(Status.FAILED, fixture.onlyOutcome().status());
    assertEquals(ROW, fixture.onlyOutcome().recipient());
  }

  @Test
  void aThirdNameIsAnotherRecipient() throws IOException {
    assertEquals(
        Recipient.of(new Address("third@example.net")), mailTo("third@example.net").recipient());
  }
}
