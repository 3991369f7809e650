package org.mailjournal.egress;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clients that say something all the time, and never enough. */
final class SlowClientTest extends RelayCase {
  @BeforeEach
  void start() throws IOException {
    fixture.clientPatience(Duration.ofSeconds(1));
    fixture.start();
  }

  private static void trickleUntilClosed(FakeClient client) {
    await()
        .pollInterval(Duration.ofMillis(100))
        .until(
            () -> {
              try {
                client.send("x");
                return false;
              } catch (IOException closed) {
                return true;
              }
            });
  }

  @Test
  void aCommandThatNeverEndsIsGivenUp() throws IOException {
    try (FakeClient client = fixture.client()) {
      client.send("NOOP ");
      trickleUntilClosed(client);
    }
  }

  @Test
  void aContentThatNeverEndsIsGivenUpAndNotDelivered() throws IOException {
    try (FakeClient client = fixture.client()) {
      String envelope = "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.net>\r\nDATA\r\n";
      client.send(envelope + "Subject: a\r\n\r\n");
      trickleUntilClosed(client);
    }
    await().until(() -> hop.commands().contains("DATA"));
    assertEquals(List.of(), hop.contents());
  }
}
