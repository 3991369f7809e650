package org.mailjournal.egress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.Status;

final class TroubleTest {
  private static final String A = "a@example.org";
  private static final String B = "b@example.net";

  @TempDir Path directory;
  private RelayFixture fixture;
  private FakeHop hop;

  @BeforeEach
  void relayWithLittlePatience() throws IOException {
    hop = FakeHop.start();
    fixture = new RelayFixture(directory).route("*", hop).patience(Duration.ofSeconds(2)).start();
    fixture.received("Q1", A, B);
  }

  @AfterEach
  void stop() throws IOException {
    fixture.close();
    hop.close();
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
  void whatTheNextHopTookIsPassedBackWithoutTheJournalAndRecordedLater() throws IOException {
    Path file = directory.resolve("emergency");
    fixture.journal.down(true);
    hop.says("content", "250 2.0.0 Ok: queued as X1\r\n");
    assertEquals("250 2.0.0 Ok: queued as X1", mail());
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    Files.writeString(file, "1 torn AAAA", StandardOpenOption.APPEND);
    fixture.relay().replay();
    assertTrue(Files.exists(file));
    byte[] waiting = Files.readAllBytes(file);
    fixture.journal.down(false);
    fixture.relay().replay();
    assertTrue(Files.readString(file).isBlank());
    Event.Outcome outcome = fixture.onlyOutcome();
    assertEquals(Optional.of("250 2.0.0 Ok: queued as X1"), outcome.reply());
    assertEquals(RelayFixture.NOON.minusSeconds(60), outcome.message().receivedAt());
    Files.write(file, waiting);
    fixture.relay().replay();
    assertEquals(1, fixture.outcomes().size());
    assertEquals(1, fixture.journal.events(Event.Received.class).size());
  }

  @Test
  void aCommitThatIsNotToldInTimeIsRecordedOnce() throws IOException {
    fixture.journal.late(true);
    hop.says("content", "250 2.0.0 Ok: queued as X1\r\n");
    assertEquals("250 2.0.0 Ok: queued as X1", mail());
    fixture.journal.late(false);
    fixture.relay().replay();
    assertEquals(Optional.of("250 2.0.0 Ok: queued as X1"), fixture.onlyOutcome().reply());
  }

  @Test
  void aRefusalThatTheDiskDoesNotTakeInTimeIsTakenBack() throws IOException {
    fixture.journal.hanging(true);
    hop.says("content", "554 5.7.1 spam\r\n");
    assertEquals("451 4.3.0", mail().substring(0, 9));
    assertTrue(fixture.journal.asked().stream().allMatch(Future::isCancelled));
    assertFalse(fixture.journal.asked().isEmpty());
  }

  @Test
  void aRefusalOfWhatHasNoQueueIdIsNotPassedBackUnrecordedEither() throws IOException {
    String traceless = "Message-ID: <Q1@example.org>\r\n\r\nx\r\n";
    hop.says("content", "554 5.7.1 spam\r\n");
    fixture.journal.down(true);
    assertEquals("451 4.3.0", mail(traceless).substring(0, 9));
    fixture.journal.down(false);
    hop.says("content", "554 5.7.1 spam\r\n");
    assertEquals("554 5.7.1 spam", mail(traceless));
    assertEquals(Status.FAILED, fixture.onlyOutcome().status());
  }

  @Test
  void whatWaitsIsRecordedAtTheNextStart() throws IOException {
    fixture.journal.down(true);
    mail();
    fixture.close();
    RelayFixture next = new RelayFixture(directory).route("*", hop);
    next.start();
    await().until(() -> next.outcomes().size() == 1);
    assertEquals(1, next.journal.events(Event.Received.class).size());
    next.close();
  }

  @Test
  void aRefusalIsNotPassedBackUnrecorded() throws IOException {
    fixture.journal.down(true);
    hop.says("content", "554 5.7.1 spam\r\n");
    assertEquals("451 4.3.0", mail().substring(0, 9));
    hop.says("RCPT", "550 5.1.1 no such user\r\n");
    try (FakeClient client = fixture.client()) {
      client.ask("MAIL FROM:<a@example.org>");
      assertEquals("451 4.3.0", client.ask("RCPT TO:<b@example.net>").substring(0, 9));
    }
    assertTrue(Files.readString(directory.resolve("emergency")).isBlank());
  }

  @Test
  void theEmergencyFileHasItsRoomBeforehandAndIsWrittenInPlace() throws IOException {
    Path file = directory.resolve("emergency");
    long size = Files.size(file);
    fixture.journal.down(true);
    mail();
    try (FakeClient client = fixture.client()) {
      client.mail(A, B, RelayFixture.message("Q2"));
    }
    assertEquals(size, Files.size(file));
    assertEquals(2, Files.readString(file).lines().filter(line -> !line.isEmpty()).count());
  }

  @Test
  void whatNeitherJournalNorDiskTakesIsKeptInMemory() throws IOException {
    Path file = directory.resolve("emergency");
    Files.delete(file);
    Files.createDirectory(file);
    fixture.journal.down(true);
    hop.says("content", "250 2.0.0 Ok: queued as X1\r\n");
    assertEquals("250 2.0.0 Ok: queued as X1", mail());
    fixture.journal.down(false);
    fixture.relay().replay();
    assertEquals(1, fixture.outcomes().size());
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

  @Test
  void aRelayThatStopsDoesNotWaitForADiskThatNeverAnswers() throws IOException {
    fixture.close();
    fixture = new RelayFixture(directory).route("*", hop).patience(Duration.ofSeconds(90)).start();
    fixture.journal.hanging(true);
    try (FakeClient client = fixture.client()) {
      client.ask("MAIL FROM:<a@example.org>");
      client.ask("RCPT TO:<b@example.net>");
      client.ask("DATA");
      client.send(RelayFixture.message("Q1") + ".\r\n");
      await().until(() -> !fixture.journal.asked().isEmpty());
      assertTimeoutPreemptively(Duration.ofSeconds(45), fixture::close);
    }
  }
}
