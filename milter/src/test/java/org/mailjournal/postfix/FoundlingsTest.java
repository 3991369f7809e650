package org.mailjournal.postfix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mailjournal.postfix.TapHouse.ID;
import static org.mailjournal.postfix.TapHouse.accepted;
import static org.mailjournal.postfix.TapHouse.request;
import static org.mailjournal.postfix.TapHouse.trace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Asked;
import org.mailjournal.journal.Client;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageId;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.QueueId;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

/** Mail that Postfix took and that no milter was asked about. */
class FoundlingsTest {
  private static final Instant ARRIVAL = Instant.parse("2026-11-24T08:07:12.652Z");
  private static final String RECORD =
      """

      recipient=%s
      original_recipient=%s
      status=2.0.0
      action=relayed
      notify_flags=14
      reason=ok

      """;

  @TempDir Path directory;
  private TapHouse house;

  @BeforeEach
  void open() throws IOException {
    house = new TapHouse(directory);
  }

  @AfterEach
  void close() {
    house.close();
  }

  @Test
  void isRecordedFromItsQueueFile() throws IOException {
    house.withFiles().started();

    assertEquals(0, house.ask("journal-trace", trace(0)));

    Event.Received received = received().get(0);
    assertEquals(new MessageKey("mail.example.org", new QueueId(ID), ARRIVAL), received.message());
    assertEquals(Source.PASS, received.source());
    assertEquals(TapHouse.CLOCK.instant(), received.at());
    assertEquals(Optional.of(new MessageId("4B618D6A.2070804@local.test")), received.messageId());
    assertEquals(new Address("games@local.test"), received.sender());
    assertEquals(4484, received.size());
    assertEquals(
        new Client(
            Optional.of("localhost"),
            Optional.of("127.0.0.1"),
            Optional.of("client.example"),
            Optional.empty()),
        received.client());
    assertEquals(
        List.of(
            "one@ok.example",
            "\"two words\"@ok.example",
            "Three@later.example",
            "team@alias.example",
            "\"q<x\"@later.example"),
        received.accepted().stream().map(one -> one.address().text()).toList());
    assertEquals(Optional.empty(), received.digest());
    assertEquals(List.of(), received.trail());
  }

  @Test
  void hasTheFatesOfAnyOtherMessage() throws IOException {
    house.withFiles().started();

    house.ask("journal-trace", trace(0));

    assertEquals(
        List.of(
            "expanded team@alias.example",
            "relayed one@ok.example",
            "relayed \"two words\"@ok.example",
            "delayed Three@later.example",
            "delayed \"q<x\"@later.example",
            "unreported a@ok.example",
            "unreported b@ok.example"),
        house.outcomes());
    assertEquals(ARRIVAL, message().key().receivedAt());
  }

  /** The client's own NOTIFY=SUCCESS and our mark are one and the same in the file. */
  @Test
  void itsSenderHearsOfNoSuccessAndTheJournalSaysSo() throws IOException {
    house.withFiles().started();
    FakeService real = house.service("trace", () -> 0);

    house.ask("journal-trace", trace(0));

    assertTrue(real.requests().isEmpty());
    assertFalse(Files.exists(directory.resolve("trace").resolve(ID)));
    Event.Oddity oddity = house.oddities().get(0);
    assertEquals(Optional.of(message().key()), oddity.message());
    assertTrue(oddity.problem().contains("no report of success is sent"), oddity.problem());
  }

  @Test
  void isTheSameInEveryPassAndBehindARestart() throws IOException {
    house.withFiles().started();
    house.ask("journal-trace", trace(0));
    List<Event> before = house.journal.all();
    FileTime written = Files.getLastModifiedTime(directory.resolve("defer/A").resolve(ID));
    Files.write(directory.resolve("trace").resolve(ID), Fixtures.bytes("short/trace"));
    house.ask("journal-trace", trace(0));

    house.restarted().withFiles();
    Files.setLastModifiedTime(directory.resolve("defer/A").resolve(ID), written);
    house.ask("journal-trace", trace(0));

    assertEquals(before, house.journal.all());
  }

  /** As when the milter's connection is cut and milter_default_action is accept. */
  @Test
  void isNotRecordedWhereTheMiltersWordIsOnItsWayToTheDisk() throws IOException {
    house.withFiles().started();
    AtomicBoolean handedOver = new AtomicBoolean();
    house.journal.whileCommitting(
        () -> {
          if (handedOver.compareAndSet(false, true)) {
            house.receivedFixture(Asked.DEFAULT);
          }
        });

    assertEquals(0, house.ask("journal-trace", trace(0)));

    assertEquals(List.of(Source.MILTER), received().stream().map(Event::source).toList());
    assertEquals(7, house.outcomes().size());
    assertEquals(List.of(), house.oddities());
  }

  /** Clocks are moved; without a Message-ID nothing tells it from what the milter saw. */
  @Test
  void isNotRecordedWhereItMayBeOneThatTheMilterSaw() throws IOException {
    house.withFiles().started();
    MessageKey key =
        new MessageKey("mail.example.org", new QueueId(ID), ARRIVAL.minusSeconds(7200));
    house.record(
        new Event.Received(
            key.receivedAt(),
            Source.MILTER,
            key,
            Optional.empty(),
            new Address("games@local.test"),
            Optional.empty(),
            Client.UNKNOWN,
            100,
            List.of(),
            List.of(accepted("one@ok.example", Asked.DEFAULT)),
            List.of()));

    house.ask("journal-trace", trace(0));

    assertEquals(1, received().size());
    assertEquals(1, house.oddities().size());
  }

  @Test
  void isRecordedWithTheFirstThatFailsOrIsPutOff() throws IOException {
    house.withFiles().started();
    house.service("defer", () -> 0);

    assertEquals(0, house.ask("journal-defer", request(2, 4, ID, "games@local.test")));

    assertEquals(1, received().size());
    assertEquals(
        Status.DELAYED,
        message().recipients().stream()
            .filter(r -> r.recipient().address().text().equals("Three@later.example"))
            .findFirst()
            .orElseThrow()
            .status());
  }

  @Test
  void isRecordedBeforeAnythingIsToldOfIt() throws IOException {
    house.withFiles().started();
    Files.delete(directory.resolve("trace").resolve(ID));
    Files.delete(directory.resolve("defer/A").resolve(ID));

    assertEquals(0, house.ask("journal-trace", trace(0)));

    assertEquals(1, received().size());
  }

  @Test
  void withoutACommitQmgrComesAgain() throws IOException {
    house.withFiles().started();
    house.journal.refuse(true);

    assertEquals(1, house.ask("journal-trace", trace(0)));

    assertTrue(Files.exists(directory.resolve("trace").resolve(ID)));
    house.journal.refuse(false);
    assertEquals(0, house.ask("journal-trace", trace(0)));
    assertEquals(1, received().size());
  }

  /** qmgr delivers one copy to the target, with the first recipient as the original one. */
  @Test
  void whoWasRedirectedIsReplacedByTheTarget() throws IOException {
    named().started();
    house.queueFile(
        "active/" + ID,
        ARRIVAL.getEpochSecond(),
        "s@x",
        "Alog_client_address=192.0.2.1",
        ">new@x",
        "Anotify_flags=14",
        "Oone@x",
        "Rone@x",
        "Anotify_flags=14",
        "Otwo@x",
        "Rtwo@x");
    house.file("trace/" + ID, RECORD.formatted("new@x", "one@x"));

    assertEquals(0, house.ask("journal-trace", request(5, 0, ID, "s@x")));

    assertEquals(List.of("expanded one@x", "expanded two@x", "relayed new@x"), house.outcomes());
    assertEquals(Optional.of("REDIRECT new@x"), house.details().get(0).reason());
    assertTrue(message().isFinished());
  }

  /** More than the journal is handed at a time of anything else. */
  @Test
  void aFailedCommitLeavesNoneOfVeryManyWhoWereRedirectedUntold() throws IOException {
    named().started();
    List<String> records = new ArrayList<>(List.of("Alog_client_address=192.0.2.1", ">new@x"));
    for (int i = 0; i < 2 * Batch.SIZE; i++) {
      records.addAll(List.of("Anotify_flags=14", "Or" + i + "@x", "Rr" + i + "@x"));
    }
    house.queueFile(
        "active/" + ID, ARRIVAL.getEpochSecond(), "s@x", records.toArray(String[]::new));
    house.file("trace/" + ID, RECORD.formatted("new@x", "r0@x"));
    house.journal.whileCommitting(
        () -> {
          if (received().isEmpty() && house.journal.commits() > 1) {
            house.journal.refuseNext(1);
          }
        });

    assertEquals(1, house.ask("journal-trace", request(5, 0, ID, "s@x")));
    assertEquals(0, house.ask("journal-trace", request(5, 0, ID, "s@x")));

    assertTrue(message().isFinished());
    assertEquals(
        Set.of("expanded", "relayed"),
        house.outcomes().stream().map(words -> words.split(" ", 2)[0]).collect(Collectors.toSet()));
  }

  /** always_bcc and the BCC maps: no mark is on them, and their NOTIFY is NEVER. */
  @Test
  void whomPostfixAddedNobodyNamed() throws IOException {
    named().started();
    house.queueFile(
        "active/" + ID,
        ARRIVAL.getEpochSecond(),
        "s@x",
        "Alog_client_address=192.0.2.1",
        "Anotify_flags=14",
        "Oone@x",
        "Done@x",
        "Anotify_flags=1",
        "Oarchive@x",
        "Darchive@x");
    house.file("trace/" + ID, RECORD.formatted("one@x", "one@x"));

    house.ask("journal-trace", request(5, 0, ID, "s@x"));

    assertEquals(
        List.of("one@x"),
        received().get(0).accepted().stream().map(one -> one.address().text()).toList());
    assertEquals(List.of("relayed one@x", "unreported archive@x"), house.outcomes());
  }

  /** As from a content filter to a port that has no mark: no record of success is ever made. */
  @Test
  void ofMailWithoutAMarkNoTargetIsTakenForTheAlias() throws IOException {
    named().started();
    house.queueFile(
        "active/" + ID,
        ARRIVAL.getEpochSecond(),
        "s@x",
        "Alog_client_address=192.0.2.1",
        "Oall@x",
        "Done@x",
        "Oall@x",
        "Dtwo@x");
    house.file("bounce/" + ID, RECORD.formatted("one@x", "all@x").replace("relayed", "failed"));
    house.service("bounce", () -> 0);

    assertEquals(0, house.ask("journal-bounce", request(1, 0, ID, "s@x")));

    Event.Accepted all = received().get(0).accepted().get(0);
    assertFalse(all.marked());
    assertTrue(house.rows(received().get(0).message()).contains("queued all@x"));
  }

  /** No mark is ever on it: what sendmail -N asks for is the sender's own wish. */
  @Test
  void mailBySendmailHasItsReport() throws IOException {
    named().started();
    FakeService real = house.service("trace", () -> 0);
    house.queueFile(
        "active/" + ID, ARRIVAL.getEpochSecond(), "s@x", "Anotify_flags=2", "Oone@x", "Done@x");
    house.file("trace/" + ID, RECORD.formatted("one@x", "one@x"));

    assertEquals(0, house.ask("journal-trace", request(5, 0, ID, "s@x")));

    Event.Accepted one = received().get(0).accepted().get(0);
    assertEquals(Asked.of(EnumSet.of(Asked.Notice.SUCCESS)), one.asked());
    assertEquals(1, real.requests().size());
    assertEquals(List.of(), house.oddities());
  }

  @Test
  void isLookedForWhenItLeftTheQueueUntold() throws IOException {
    house.withFiles().started();
    house.ask("journal-trace", trace(0));
    Files.delete(directory.resolve("active").resolve(ID));

    house.audit();

    assertTrue(
        house.journal.all().stream()
            .anyMatch(
                event -> event instanceof Event.Unreported && event.source() == Source.QUEUE));
    assertTrue(message().isFinished());
  }

  /** A house whose Postfix has a name. */
  private TapHouse named() throws IOException {
    house.close();
    house =
        new TapHouse(directory, s -> s.withInstance(Optional.empty(), Set.of("mail.example.org")));
    return house;
  }

  private List<Event.Received> received() {
    return house.journal.all().stream()
        .filter(Event.Received.class::isInstance)
        .map(Event.Received.class::cast)
        .toList();
  }

  private MessageState message() {
    return house.journal.state(received().get(0).message()).orElseThrow();
  }
}
