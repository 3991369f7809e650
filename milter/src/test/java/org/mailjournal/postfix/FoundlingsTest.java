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
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Asked;
import org.mailjournal.journal.Client;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageId;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.QueueId;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

/** When a foundling is recorded, and what is told of it. */
class FoundlingsTest extends FoundlingCase {
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
}
