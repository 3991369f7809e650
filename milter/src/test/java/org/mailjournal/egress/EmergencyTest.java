package org.mailjournal.egress;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mailjournal.journal.Event;

/** What waits in the emergency file while one line of it is not as it should be. */
final class EmergencyTest extends RelayCase {
  @BeforeEach
  void twoMessagesWait() throws IOException {
    fixture.start();
    fixture.received("Q1", A, B);
    fixture.received("Q2", A, B);
    fixture.journal.down(true);
    try (FakeClient client = fixture.client()) {
      client.mail(A, B, RelayFixture.message("Q1"));
      client.mail(A, B, RelayFixture.message("Q2"));
    }
    fixture.journal.down(false);
  }

  private Path file() {
    return directory.resolve("emergency");
  }

  private List<String> recorded() {
    return fixture.outcomes().stream().map(o -> o.message().queueId().text()).toList();
  }

  @Test
  void aTornLineOfAnyOctetsHoldsUpNoOther() throws IOException {
    Files.write(file(), new byte[] {'1', ' ', (byte) 0x80, (byte) 0xff}, StandardOpenOption.APPEND);

    fixture.relay().replay();

    assertEquals(List.of("Q1", "Q2"), recorded());
    assertTrue(Files.readString(file()).isBlank());
  }

  @Test
  void whatTheJournalRefusesForGoodHoldsUpNoOtherAndIsNotAskedAgain() throws IOException {
    fixture.journal.damaged("Q1", true);

    fixture.relay().replay();
    int refusals = fixture.journal.refusals();
    fixture.relay().replay();

    assertEquals(List.of("Q2"), recorded());
    assertEquals(refusals, fixture.journal.refusals());
    assertEquals(1, Files.readString(file()).lines().filter(line -> !line.isEmpty()).count());
  }

  @Test
  void whatWasRefusedIsRecordedByTheNextLifeOfAMendedJournal() throws IOException {
    fixture.journal.damaged("Q1", true);
    fixture.relay().replay();
    fixture.journal.damaged("Q1", false);
    fixture.close();

    fixture.start();

    await().until(() -> recorded().equals(List.of("Q2", "Q1")));
    fixture.relay().replay();
    assertTrue(Files.readString(file()).isBlank());
  }

  @Test
  void transactionsOfAMessageThatTheJournalDoesNotKnowMakeOneOfIt() throws IOException {
    fixture.journal.down(true);
    try (FakeClient client = fixture.client()) {
      client.mail(A, B, RelayFixture.message("Q3"));
      client.mail(A, "c@example.net", RelayFixture.message("Q3"));
    }
    fixture.journal.down(false);

    fixture.relay().replay();

    assertEquals(List.of("Q1", "Q2", "Q3", "Q3"), recorded());
    assertEquals(
        2, fixture.outcomes().stream().map(o -> o.recipient().address()).distinct().count());
    assertEquals(3, fixture.journal.events(Event.Received.class).size());
  }

  @Test
  void whatComesBehindARefusedOneFindsItsPlace() throws IOException {
    long size = Files.size(file());
    fixture.journal.damaged("Q2", true);
    fixture.relay().replay();
    fixture.journal.down(true);
    try (FakeClient client = fixture.client()) {
      client.mail(A, B, RelayFixture.message("Q3"));
    }
    fixture.journal.down(false);

    fixture.relay().replay();

    assertEquals(List.of("Q1", "Q3"), recorded());
    assertEquals(size, Files.size(file()));
  }
}
