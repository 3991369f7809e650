package org.mailjournal.egress;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.Status;

/** What next hops said, and the journal does not take, or not in time. */
final class JournalTroubleTest extends RelayCase {
  @BeforeEach
  void relayWithLittlePatience() throws IOException {
    fixture.patience(Duration.ofSeconds(2)).start();
    fixture.received("Q1", A, B);
  }

  private String mail() throws IOException {
    return mail(RelayFixture.message("Q1"));
  }

  private String mail(String content) throws IOException {
    try (FakeClient client = fixture.client()) {
      return client.mail(A, B, content);
    }
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
  @Execution(ExecutionMode.CONCURRENT)
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
  @Execution(ExecutionMode.CONCURRENT)
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
