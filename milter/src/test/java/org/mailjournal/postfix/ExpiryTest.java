package org.mailjournal.postfix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mailjournal.postfix.BounceAndDeferTest.DELAYED;
import static org.mailjournal.postfix.BounceAndDeferTest.FAILED;
import static org.mailjournal.postfix.TapHouse.ID;
import static org.mailjournal.postfix.TapHouse.accepted;
import static org.mailjournal.postfix.TapHouse.request;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mailjournal.journal.Asked;
import org.mailjournal.journal.EnhancedStatus;
import org.mailjournal.journal.Event;

/** The end of a message that is too old. */
class ExpiryTest {
  private static final String DELIVERED =
      """

      recipient=a@x
      status=2.0.0
      action=relayed
      diag_type=smtp
      diag_text=250 2.0.0 Ok
      reason=250 2.0.0 Ok

      """;

  @TempDir Path directory;
  private TapHouse house;

  @BeforeEach
  void open() throws IOException {
    house = new TapHouse(directory).started();
    house.received(ID, "s@x", accepted("a@x", Asked.DEFAULT));
  }

  @AfterEach
  void close() {
    house.close();
  }

  @Test
  void expiryIsADelayAndThenAFailureWithItsStatus() throws IOException {
    house.file("defer/A/" + ID, DELAYED);
    List<String> before = new CopyOnWriteArrayList<>();
    house.service(
        "defer",
        request -> {
          before.addAll(house.outcomes());
          return Optional.of(AttributeList.status(0));
        });

    assertEquals(0, house.ask("journal-defer", request(1, 5, ID, "s@x")));

    assertEquals(List.of("delayed a@x"), before);
    assertEquals(List.of("delayed a@x", "failed a@x"), house.outcomes());
    Event.Outcome failed = house.details().get(1);
    assertEquals(EnhancedStatus.of("4.4.1"), failed.dsn());
    assertTrue(failed.reason().orElseThrow().contains("expired"));
    assertEquals(Optional.of("192.0.2.1:25"), failed.remote().address());
  }

  /** Of an old message qmgr asks for the flush whatever became of the trace. */
  @Test
  void nothingExpiresWhileASuccessCannotBeRecorded() throws IOException {
    house.file("trace/" + ID, DELIVERED);
    FakeService real = house.service("defer", () -> 0);
    house.journal.refuse(true);

    assertNotEquals(0, house.ask("journal-trace", request(5, 5, ID, "s@x")));
    assertNotEquals(0, house.ask("journal-defer", request(1, 5, ID, "s@x")));

    assertTrue(real.requests().isEmpty());
  }

  @Test
  void whatTheTraceCouldNotTellIsToldBeforeTheRestExpires() throws IOException {
    house.received(ID, "s@x", accepted("a@x", Asked.DEFAULT), accepted("b@x", Asked.DEFAULT));
    house.file("trace/" + ID, DELIVERED.replace("a@x", "b@x"));
    house.file("defer/A/" + ID, DELAYED);
    FakeService real = house.service("defer", () -> 0);
    house.journal.refuseNext(1);

    assertNotEquals(0, house.ask("journal-trace", request(5, 5, ID, "s@x")));
    assertNotEquals(0, house.ask("journal-defer", request(1, 5, ID, "s@x")));
    assertEquals(List.of("relayed b@x"), house.outcomes());
    assertTrue(real.requests().isEmpty());

    assertEquals(0, house.ask("journal-trace", request(5, 5, ID, "s@x")));
    assertEquals(0, house.ask("journal-defer", request(1, 5, ID, "s@x")));
    assertEquals(List.of("relayed b@x", "delayed a@x", "failed a@x"), house.outcomes());
  }

  @Test
  void aFailureThatCouldNotBeToldIsNotLostWhenTheMessageExpires() throws IOException {
    house.file("bounce/" + ID, FAILED);
    FakeService bounce = house.service("bounce", () -> 0);
    FakeService defer = house.service("defer", () -> 0);
    house.journal.refuseNext(1);

    assertNotEquals(0, house.ask("journal-bounce", request(1, 5, ID, "s@x")));
    assertNotEquals(0, house.ask("journal-defer", request(1, 5, ID, "s@x")));
    assertTrue(bounce.requests().isEmpty() && defer.requests().isEmpty());

    assertEquals(0, house.ask("journal-bounce", request(1, 5, ID, "s@x")));
    assertEquals(List.of("failed a@x"), house.outcomes());
    assertEquals(1, bounce.requests().size());
  }

  @Test
  void withoutABounceNothingHasExpired() throws IOException {
    house.file("defer/A/" + ID, DELAYED);
    house.service("defer", () -> 1);

    assertEquals(1, house.ask("journal-defer", request(1, 5, ID, "s@x")));

    assertEquals(List.of("delayed a@x"), house.outcomes());
  }

  @Test
  void aBounceThatIsOutIsNotSentAgainThoughTheJournalCannotBeWritten() throws IOException {
    house.file("defer/A/" + ID, DELAYED);
    house.service(
        "defer",
        request -> {
          house.journal.refuse(true);
          return Optional.of(AttributeList.status(0));
        });

    assertEquals(0, house.ask("journal-defer", request(1, 5, ID, "s@x")));
  }

  /** The client waits for 10 s, and qmgr not for ever. */
  @Test
  void anExpiryKeepsQmgrWaitingForNoDiskAndIsRecordedWhenThatGoesOn() throws IOException {
    int recipients = Batch.SIZE + 1;
    for (int i = 0; i < recipients; i++) {
      Files.writeString(
          directory.resolve("defer/A/" + ID),
          DELAYED.replace("a@x", "a" + i + "@x"),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }
    house.service(
        "defer",
        request -> {
          house.journal.stall();
          return Optional.of(AttributeList.status(0));
        });

    assertEquals(0, house.ask("journal-defer", request(1, 5, ID, "s@x")));

    assertEquals(recipients, house.outcomes().size());
    house.journal.resume();
    assertEquals(2 * recipients, house.outcomes().size());
  }

  @Test
  void anExpiryIsRecordedAsSoonAsTheJournalCanBeWrittenAgain() throws IOException {
    house.file("defer/A/" + ID, DELAYED);
    house.service(
        "defer",
        request -> {
          house.journal.refuseNext(2);
          return Optional.of(AttributeList.status(0));
        });

    assertEquals(0, house.ask("journal-defer", request(1, 5, ID, "s@x")));

    assertEquals(List.of("delayed a@x", "failed a@x"), house.outcomes());
  }
}
