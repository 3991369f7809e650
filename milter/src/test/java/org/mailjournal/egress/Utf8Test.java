package org.mailjournal.egress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mailjournal.journal.Status;

/** Mail whose client said SMTPUTF8, as Postfix does wherever its own client did. */
final class Utf8Test extends RelayCase {
  private static final String FIELDS = "X-Field: 0123456789\r\n";

  @BeforeEach
  void aHopWithoutSmtpUtf8() throws IOException {
    hop.offers("PIPELINING", "8BITMIME");
    fixture.start();
    fixture.received("Q1", "a@example.org", "b@example.net");
  }

  /** As UTF-8 stands on the wire, for a client that sends octets. */
  private static String wire(String text) {
    return new String(text.getBytes(UTF_8), ISO_8859_1);
  }

  private String mail(String sender, String recipient, String content) throws IOException {
    try (FakeClient client = fixture.client()) {
      client.ask("MAIL FROM:<" + wire(sender) + "> BODY=8BITMIME SMTPUTF8");
      client.ask("RCPT TO:<" + wire(recipient) + ">");
      client.ask("DATA");
      client.send(wire(content) + ".\r\n");
      return client.reply();
    }
  }

  private String mail(String content) throws IOException {
    return mail("a@example.org", "b@example.net", content);
  }

  private static String withField(String fields) {
    return RelayFixture.message("Q1").replace("\r\n\r\n", "\r\n" + fields + "\r\n");
  }

  private void assertRefused(String reply) {
    assertTrue(reply.startsWith("553 5.6.7 mail-journal: [127.0.0.1] (127.0.0.1:"), reply);
    assertTrue(reply.contains("does not offer SMTPUTF8"), reply);
    assertTrue(hop.contents().isEmpty());
    assertEquals(Status.FAILED, fixture.onlyOutcome().status());
    assertEquals("Q1", fixture.onlyOutcome().message().queueId().text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "gr\u00fc\u00dfe\r\n", "\r\nX: \u00fc\r\n"})
  void whatIsAsciiButForItsBodyNeedsNone(String body) throws IOException {
    assertEquals("250 2.0.0 Ok: queued as 1", mail(RelayFixture.message("Q1") + body));
    assertTrue(hop.commands().contains("MAIL FROM:<a@example.org> BODY=8BITMIME"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4000})
  void aHeaderSectionThatNeedsItIsRefusedAndNotTakenByHalves(int fieldsBefore) throws IOException {
    assertRefused(mail(withField(FIELDS.repeat(fieldsBefore) + "Subject: Gr\u00fc\u00dfe\r\n")));
  }

  @ParameterizedTest
  @CsvSource({"j\u00f6rg@example.org, b@example.net", "a@example.org, j\u00f6rg@example.net"})
  void anAddressThatNeedsItIsRefused(String sender, String recipient) throws IOException {
    assertRefused(mail(sender, recipient, RelayFixture.message("Q1")));
  }

  @Test
  void whoOffersItGetsAllAsItIs() throws IOException {
    hop.offers("PIPELINING", "8BITMIME", "SMTPUTF8");
    String content = withField("Subject: Gr\u00fc\u00dfe\r\n");
    assertEquals("250 2.0.0 Ok: queued as 1", mail(content));
    assertEquals(content + ".\r\n", new String(hop.contents().get(0), UTF_8));
    assertTrue(hop.commands().contains("MAIL FROM:<a@example.org> BODY=8BITMIME SMTPUTF8"));
  }
}
