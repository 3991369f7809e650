package org.mailjournal.postfix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mailjournal.postfix.BounceAndDeferTest.DELAYED;
import static org.mailjournal.postfix.BounceAndDeferTest.FAILED;
import static org.mailjournal.postfix.TapHouse.ID;
import static org.mailjournal.postfix.TapHouse.accepted;
import static org.mailjournal.postfix.TapHouse.request;
import static org.mailjournal.postfix.TapHouse.unmarked;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mailjournal.journal.Asked;
import org.mailjournal.journal.EnhancedStatus;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.Status;

/** The end of a message that is too old. */
class ExpiryTest extends TapCase {
  private static final String DELIVERED =
      """

      recipient=a@x
      status=2.0.0
      action=relayed
      diag_type=smtp
      diag_text=250 2.0.0 Ok
      reason=250 2.0.0 Ok

      """;

  @BeforeEach
  void open() throws IOException {
    house.started();
    house.received(ID, "s@x", accepted("a@x", Asked.DEFAULT));
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

  /** As from a port without our mark: for it qmgr asks for no trace, whatever is delivered. */
  @Test
  void whatNoTraceCouldHaveToldHoldsUpNoExpiry() throws IOException {
    house.received(ID, "s@x", unmarked("a@x"), unmarked("b@x"));
    long arrival = TapHouse.RECEIVED.getEpochSecond();
    house.queueFile(
        "active/" + ID, arrival, "s@x", "Alog_client_address=192.0.2.1", "Ra@x", "Db@x");
    house.file("defer/A/" + ID, DELAYED);
    house.service("defer", () -> 0);

    assertEquals(0, house.ask("journal-defer", request(1, 5, ID, "s@x")));

    assertEquals(List.of("unreported b@x", "delayed a@x", "failed a@x"), house.outcomes());
  }

  /**
   * An alias's targets have no NOTIFY of their own; that one was given stands in the size record.
   */
  @Test
  void whatATraceCouldHaveToldIsAskedForOnce() throws IOException {
    house.received(ID, "s@x", accepted("a@x", Asked.DEFAULT), accepted("b@x", Asked.DEFAULT));
    long arrival = TapHouse.RECEIVED.getEpochSecond();
    String size = "C%15d %15d %15d %15d".formatted(100, 4000, 2, 28);
    house.queueFile("active/" + ID, arrival, "s@x", size, "Ra@x", "Db@x");
    house.file("defer/A/" + ID, DELAYED);
    house.service("defer", () -> 0);

    assertNotEquals(0, house.ask("journal-defer", request(1, 5, ID, "s@x")));
    assertEquals(0, house.ask("journal-defer", request(1, 5, ID, "s@x")));
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

  /** The disk hung for longer than qmgr was kept waiting, and the journal has it all the same. */
  @Test
  void whatIsCommittedTooLateHoldsUpTheExpiryOnce() throws IOException {
    house.file("trace/" + ID, DELIVERED);
    FakeService real = house.service("defer", () -> 0);
    house.journal.lateNext(1);

    assertNotEquals(0, house.ask("journal-trace", request(5, 5, ID, "s@x")));
    assertNotEquals(0, house.ask("journal-defer", request(1, 5, ID, "s@x")));

    assertEquals(List.of("relayed a@x"), house.outcomes());
    assertTrue(real.requests().isEmpty());
    assertEquals(0, house.ask("journal-trace", request(5, 5, ID, "s@x")));
    assertEquals(0, house.ask("journal-defer", request(1, 5, ID, "s@x")));
  }

  @Test
  void aBounceThatIsCommittedTooLateHoldsUpTheExpiryToo() throws IOException {
    house.file("bounce/" + ID, FAILED);
    house.service("bounce", () -> 0);
    FakeService real = house.service("defer", () -> 0);
    house.journal.lateNext(1);

    assertNotEquals(0, house.ask("journal-bounce", request(1, 5, ID, "s@x")));
    assertEquals(0, house.ask("journal-trace", request(5, 5, ID, "s@x")));
    assertNotEquals(0, house.ask("journal-defer", request(1, 5, ID, "s@x")));

    assertEquals(List.of("failed a@x"), house.outcomes());
    assertTrue(real.requests().isEmpty());
  }

  @Test
  void withoutABounceNothingHasExpired() throws IOException {
    house.file("defer/A/" + ID, DELAYED);
    house.service("defer", () -> 1);

    assertEquals(1, house.ask("journal-defer", request(1, 5, ID, "s@x")));

    assertEquals(List.of("delayed a@x"), house.outcomes());
  }

  /** qmgr tries again then, and may deliver. */
  @Test
  void withoutABounceNotOneOfVeryManyHasExpired() throws IOException {
    putOff(10_001);
    house.service("defer", () -> 1);

    assertEquals(1, house.ask("journal-defer", request(1, 5, ID, "s@x")));

    assertEquals(10_001, house.outcomes().size());
    assertTrue(house.outcomes().stream().allMatch(words -> words.startsWith("delayed ")));
  }

  /** Postfix has removed its file by then. */
  @Test
  void behindTheBounceAllOfVeryManyHaveExpired() throws IOException {
    Path file = putOff(10_001);
    house.service(
        "defer",
        request -> {
          delete(file);
          return Optional.of(AttributeList.status(0));
        });

    assertEquals(0, house.ask("journal-defer", request(1, 5, ID, "s@x")));

    Map<Status, Long> counts =
        house.details().stream()
            .collect(Collectors.groupingBy(Event.Outcome::status, Collectors.counting()));
    assertEquals(Map.of(Status.DELAYED, 10_001L, Status.FAILED, 10_001L), counts);
  }

  @Test
  void whatIsWrittenBehindTheRecordingDoesNotExpireWithTheRest() throws IOException {
    Path file = putOff(2);
    house.service(
        "defer",
        request -> {
          TapHouse.append(file, DELAYED.replace("a@x", "young@x"));
          return Optional.of(AttributeList.status(0));
        });

    assertEquals(0, house.ask("journal-defer", request(1, 5, ID, "s@x")));

    assertEquals(
        List.of("delayed a0@x", "delayed a1@x", "failed a0@x", "failed a1@x"), house.outcomes());
  }

  /** The flags of dsn_mask.h: NEVER, our mark alone, FAILURE among others, none. */
  @ParameterizedTest
  @CsvSource({
    "s@x, 1, (expired)",
    "s@x, 2, (expired)",
    "s@x, 14, '(expired, returned to sender)'",
    "s@x, 0, '(expired, returned to sender)'",
    "'', 14, (expired)",
    // A notice of Postfix's own to the postmaster, which it sends nobody back.
    "double-bounce@mail.example.org, 14, (expired)"
  })
  void whatNobodyIsToldOfIsNotReturned(String sender, int flags, String words) throws IOException {
    String id = "A0000000001";
    house.received(id, sender, accepted("a@x", Asked.DEFAULT));
    String record = DELAYED.replace("reason", "notify_flags=" + flags + "\nreason");
    house.file("defer/A/" + id, record);
    house.service("defer", () -> 0);

    assertEquals(0, house.ask("journal-defer", request(1, 5, id, sender)));

    String reason = house.details().get(1).reason().orElseThrow();
    assertTrue(reason.endsWith("Connection refused " + words), reason);
  }

  private Path putOff(int recipients) throws IOException {
    StringBuilder records = new StringBuilder();
    for (int i = 0; i < recipients; i++) {
      records.append(DELAYED.replace("a@x", "a" + i + "@x"));
    }
    return house.file("defer/A/" + ID, records.toString());
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
    putOff(recipients);
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
