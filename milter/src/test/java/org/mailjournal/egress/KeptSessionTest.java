package org.mailjournal.egress;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A session with a next hop is used for what follows, as long as that keeps it. */
final class KeptSessionTest extends RelayCase {
  @BeforeEach
  void start() throws IOException {
    fixture.start();
  }

  @Test
  void consecutiveTransactionsShareAConnection() throws IOException {
    try (FakeClient client = fixture.client()) {
      for (int i = 1; i <= 3; i++) {
        assertEquals(
            "250 2.0.0 Ok: queued as " + i, client.mail(A, B, RelayFixture.message("Q" + i)));
      }
    }
    await().until(() -> hop.commands().contains("QUIT"));
    assertEquals(1, hop.connections());
    assertEquals(3, hop.commands().stream().filter("RSET"::equals).count());
  }

  @Test
  void aConnectionThatWasClosedMeanwhileIsReplaced() throws IOException {
    hop.says("RSET", "421 4.3.2 too long\r\n");
    try (FakeClient client = fixture.client()) {
      client.mail(A, B, RelayFixture.message("Q1"));
      assertEquals("250 2.0.0 Ok: queued as 2", client.mail(A, B, RelayFixture.message("Q2")));
    }
    assertEquals(2, hop.connections());
  }

  /** Its time may be over, or its number of messages: another session is there for the asking. */
  @ParameterizedTest
  @ValueSource(strings = {"421 4.4.2 idle for too long\r\n", FakeHop.CLOSE})
  void aConnectionThatEndsWhenItIsUsedAgainPutsNoMailOff(String end) throws IOException {
    hop.says("MAIL", "250 2.1.0 Ok\r\n", end);
    try (FakeClient client = fixture.client()) {
      client.mail(A, B, RelayFixture.message("Q1"));
      assertEquals("250 2.0.0 Ok: queued as 2", client.mail(A, B, RelayFixture.message("Q2")));
    }
    assertEquals(2, hop.connections());
  }

  @Test
  void ofASessionThatEndsAtRcptTheOneThatIsOpenedInItsPlaceIsUsed() throws IOException {
    String ok = "250 2.1.5 Ok\r\n";
    hop.says("RCPT", ok, "421 4.4.2 enough\r\n", "450 4.2.0 busy\r\n", ok);
    try (FakeClient client = fixture.client()) {
      client.mail(A, B, RelayFixture.message("Q1"));
      client.ask("MAIL FROM:<a@example.org>");
      assertEquals("450 4.2.0 busy", client.ask("RCPT TO:<b@example.net>"));
      assertEquals("250 2.1.5 Ok", client.ask("RCPT TO:<c@example.net>"));
      client.ask("DATA");
      assertEquals("250 2.0.0 Ok: queued as 2", client.ask(RelayFixture.message("Q2") + "."));
    }
    assertEquals(2, hop.connections());
  }

  @Test
  void aNextHopThatEndsEachSessionAtMailIsAskedOnceMoreAndNotForEver() throws IOException {
    hop.says("MAIL", "250 2.1.0 Ok\r\n", "421 4.3.2 no\r\n", "421 4.3.2 no more\r\n");
    try (FakeClient client = fixture.client()) {
      client.mail(A, B, RelayFixture.message("Q1"));
      assertEquals("421 4.3.2 no more", client.mail(A, B, RelayFixture.message("Q2")));
    }
    assertEquals(2, hop.connections());
  }
}
