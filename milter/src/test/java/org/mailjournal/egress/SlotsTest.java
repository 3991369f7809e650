package org.mailjournal.egress;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that want more connections to one destination than it may have: one. */
final class SlotsTest extends RelayCase {
  @BeforeEach
  void relayWithOneConnection() throws IOException {
    fixture.limits(new Settings.Limits(1000, 1, 10, 1000));
  }

  private FakeClient clientWithTheConnection() throws IOException {
    FakeClient client = fixture.client();
    client.ask("MAIL FROM:<" + A + ">");
    client.ask("RCPT TO:<" + B + ">");
    return client;
  }

  private static CompletableFuture<String> mailing(FakeClient client) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return client.mail(A, B, RelayFixture.message("Q2"));
          } catch (IOException broken) {
            throw new CompletionException(broken);
          }
        });
  }

  private static boolean isSomebodyWaiting() {
    return Thread.getAllStackTraces().values().stream()
        .flatMap(Arrays::stream)
        .anyMatch(frame -> frame.getClassName().equals(Slots.class.getName()));
  }

  @Test
  void whatBreaksTheEndOfATransactionGivesItsConnectionBack() throws IOException {
    fixture.turnPatience(Duration.ofSeconds(30)).start();
    try (FakeClient first = clientWithTheConnection();
        FakeClient second = fixture.client()) {
      first.ask("DATA");
      fixture.journal.broken(true);
      first.send(RelayFixture.message("Q1") + ".\r\n");
      await()
          .dontCatchUncaughtExceptions()
          .until(() -> hop.contents().size() == 1 && !hop.isConnected());
      fixture.journal.broken(false);
      assertEquals("250 2.0.0 Ok: queued as 2", second.mail(A, B, RelayFixture.message("Q2")));
    }
  }

  @Test
  void aDestinationGetsNoMoreConnectionsThanAllowed() throws IOException {
    fixture.turnPatience(Duration.ofMillis(300)).start();
    try (FakeClient first = clientWithTheConnection();
        FakeClient second = fixture.client()) {
      assertTrue(
          second.mail(A, B, RelayFixture.message("Q1")).startsWith("451 4.4.5 mail-journal: "));
      first.ask("RSET");
      await().until(() -> second.mail(A, B, RelayFixture.message("Q1")).startsWith("250"));
    }
  }

  @Test
  void whoWaitsGetsTheOneThatBecomesFree() throws IOException {
    fixture.start();
    try (FakeClient first = clientWithTheConnection();
        FakeClient second = fixture.client()) {
      CompletableFuture<String> reply = mailing(second);
      await().until(SlotsTest::isSomebodyWaiting);

      first.ask("DATA");
      first.send(RelayFixture.message("Q1") + ".\r\n");

      assertEquals("250 2.0.0 Ok: queued as 1", first.reply());
      assertEquals("250 2.0.0 Ok: queued as 2", reply.join());
    }
  }

  @Test
  void whoKeepsOneForLaterLeavesItToTheOthers() throws IOException {
    fixture.start();
    try (FakeClient first = fixture.client();
        FakeClient second = fixture.client()) {
      for (int i = 1; i <= 3; i += 2) {
        assertEquals(
            "250 2.0.0 Ok: queued as " + i, first.mail(A, B, RelayFixture.message("Q" + i)));
        assertEquals(
            "250 2.0.0 Ok: queued as " + (i + 1),
            second.mail(A, B, RelayFixture.message("Q" + (i + 1))));
      }
    }
    assertEquals(4, hop.connections());
  }

  @Test
  void whoLeavesWaitsNoLonger() throws IOException {
    fixture.start();
    try (FakeClient first = clientWithTheConnection()) {
      FakeClient second = fixture.client();
      second.send("MAIL FROM:<" + A + ">\r\nRCPT TO:<" + B + ">\r\n");
      await().until(SlotsTest::isSomebodyWaiting);

      second.close();

      await().until(() -> !isSomebodyWaiting());
      assertTrue(first.ask("NOOP").startsWith("250"));
    }
  }

  @Test
  void nobodyWaitsForARelayThatStops() throws IOException {
    fixture.start();
    try (FakeClient first = clientWithTheConnection();
        FakeClient second = fixture.client()) {
      second.send("MAIL FROM:<" + A + ">\r\nRCPT TO:<" + B + ">\r\n");
      await().until(SlotsTest::isSomebodyWaiting);

      assertTimeoutPreemptively(Duration.ofSeconds(45), fixture::close);

      await().until(() -> !isSomebodyWaiting());
      assertEquals(1, hop.connections());
      first.send("QUIT\r\n");
    }
  }
}
