package org.mailjournal.egress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.Status;

/** Recipients whom sendmail delivers to under another name, or meant to at their reception. */
final class RewrittenTest {
  private static final String A = "a@example.org";
  private static final String GIVEN = "given@example.net";
  private static final String OTHER = "other@example.com";
  private static final Recipient ROW =
      new Recipient(new Address(OTHER), Optional.of(new Address(GIVEN)));

  @TempDir Path directory;
  private RelayFixture fixture;
  private FakeHop hop;

  @BeforeEach
  void start() throws IOException {
    hop = FakeHop.start();
    fixture = new RelayFixture(directory).route("*", hop).start();
    fixture.rewritten("Q1", A, GIVEN, OTHER);
  }

  @AfterEach
  void stop() throws IOException {
    fixture.close();
    hop.close();
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
