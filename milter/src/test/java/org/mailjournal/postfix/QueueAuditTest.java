package org.mailjournal.postfix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mailjournal.postfix.TapHouse.ID;
import static org.mailjournal.postfix.TapHouse.RECEIVED;
import static org.mailjournal.postfix.TapHouse.unmarked;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Asked;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.Remote;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

class QueueAuditTest extends TapCase {
  private static final long BEFORE = RECEIVED.getEpochSecond() - 1;

  @Test
  void whoseMessageLeftTheQueueUntoldIsUnreported() {
    house.received(ID, "s@x", unmarked("a@x"), unmarked("b@x"));

    house.audit();
    house.audit();

    assertEquals(List.of("unreported a@x", "unreported b@x"), house.outcomes());
    assertEquals(Source.QUEUE, house.journal.all().get(1).source());
  }

  @Test
  void aDamagedMessageOfTheSameMessageIdKeepsNoOtherBack() {
    MessageKey done = house.received("B1", "s@x", unmarked("b@x"));
    house.record(relayed(done, "b@x", new Address("b@x")));
    house.journal.damage(done);
    house.received("B2", RECEIVED.minusSeconds(1), "s@x", unmarked("c@x"));
    house.received("B3", RECEIVED.minusSeconds(2), "s@x", unmarked("d@x"));

    house.audit();

    assertEquals(
        Set.of("relayed b@x", "unreported c@x", "unreported d@x"), Set.copyOf(house.outcomes()));
  }

  /** By a canonical map or luser_relay: the recipient is another then. */
  @Test
  void whatIsToldOfARenamedRecipientWhileTheQueueIsLookedAtCounts() {
    Address luser = new Address("luser@x");
    MessageKey key =
        house.received(
            ID,
            "s@x",
            new Event.Accepted(luser, Asked.DEFAULT, Optional.empty(), Optional.empty(), true));
    house.journal.whenListed(
        () -> {
          house.journal.whenListed(() -> {});
          house.record(relayed(key, "other@y", luser));
        });

    house.audit();

    assertEquals(List.of("relayed other@y"), house.outcomes());
  }

  private static Event relayed(MessageKey key, String to, Address original) {
    return new Event.Outcome(
        RECEIVED,
        Source.PASS,
        key,
        new Recipient(new Address(to), Optional.of(original)),
        Status.RELAYED,
        Optional.empty(),
        Remote.NONE,
        Optional.of("250 2.0.0 fine"),
        Optional.empty(),
        "1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "incoming/A375F2101C1",
        "active/A375F2101C1",
        "hold/A375F2101C1",
        "deferred/A/A375F2101C1",
        "deferred/A/3/A375F2101C1",
        "deferred/A375F2101C1"
      })
  void whoseMessageIsInTheQueueIsNot(String place) throws IOException {
    house.received(ID, "s@x", unmarked("a@x"));
    Files.createDirectories(directory.resolve(place).getParent());
    house.queueFile(place, BEFORE, "s@x", "Ra@x");

    house.audit();

    assertTrue(house.outcomes().isEmpty());
  }

  @Test
  void aLongQueueIdIsLookedForByItsMicroseconds() throws IOException {
    house.received("4jYbMV4rx6zJHyB", "s@x", unmarked("a@x"));
    Files.createDirectories(directory.resolve("deferred/A"));
    house.queueFile("deferred/A/4jYbMV4rx6zJHyB", BEFORE, "s@x", "Ra@x");

    house.audit();

    assertTrue(house.outcomes().isEmpty());
  }

  @Test
  void aNewerMessageUnderTheSameQueueIdDoesNotCount() throws IOException {
    house.withFiles();
    house.messageId = "another@local.test";
    house.received(ID, RECEIVED.minusSeconds(7200), "s@x", unmarked("a@x"));

    house.audit();

    assertEquals(List.of("unreported a@x"), house.outcomes());
  }

  @Test
  void aMessageThatCameWhileTheClockWasSetBackIsStillThere() throws IOException {
    house.received(ID, "s@x", unmarked("a@x"));
    house.queueFile("active/" + ID, RECEIVED.getEpochSecond() + 60, "s@x", "Ra@x");

    house.audit();

    assertTrue(house.outcomes().isEmpty());
  }

  @Test
  void aMessageThatCameByAnotherClockIsKnownByItsMessageId() throws IOException {
    house.withFiles();
    house.receivedFixture(RECEIVED.minusSeconds(7200), Asked.DEFAULT);

    house.audit();

    assertTrue(house.outcomes().isEmpty());
  }

  @Test
  void aFileThatCannotBeReadIsThere() throws IOException {
    house.received(ID, "s@x", unmarked("a@x"));
    house.file("active/" + ID, "torn");

    house.audit();

    assertTrue(house.outcomes().isEmpty());
  }

  @Test
  void whatCleanupLeftUnfinishedInAPowerCutIsNotInTheQueue() throws IOException {
    house.received(ID, "s@x", unmarked("a@x"));
    Path unfinished = house.queueFile("incoming/" + ID, BEFORE, "s@x", "Ra@x");
    Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rw-------"));

    house.audit();

    assertEquals(List.of("unreported a@x"), house.outcomes());
  }

  @Test
  void fromAQueueThatIsNotThereNothingIsMissing() throws IOException {
    house.received(ID, "s@x", unmarked("a@x"));
    Files.delete(directory.resolve("deferred"));

    house.audit();

    assertTrue(house.outcomes().isEmpty());
  }

  @Test
  void theMessagesOfAnotherMtaAreNotLookedFor() {
    house.received(ID, "s@x", unmarked("a@x"));

    house.audit(Set.of("other.example.org"));
    house.audit(Set.of());
    assertTrue(house.outcomes().isEmpty());

    house.audit(Set.of("mail.example.org"));
    assertEquals(1, house.outcomes().size());
  }

  @Test
  void aMessageThatJustCameIsGivenTime() {
    house.received(ID, TapHouse.CLOCK.instant().minusSeconds(5), "s@x", unmarked("a@x"));

    house.audit();

    assertTrue(house.outcomes().isEmpty());
  }

  /** In three days it would be old by the clock that is right again, and its receipt late. */
  @Test
  void aMessageThatCameWhileTheClockWasAheadIsGivenTimeByTheUptime() {
    house.received(ID, TapHouse.CLOCK.instant().plusSeconds(259_200), "s@x", unmarked("a@x"));
    AtomicLong uptime = new AtomicLong();
    QueueAudit audit = house.audit(Set.of("mail.example.org"), uptime::get);

    audit.run();
    uptime.addAndGet(TimeUnit.SECONDS.toNanos(1));
    audit.run();
    assertEquals(List.of(), house.outcomes());

    uptime.addAndGet(TimeUnit.HOURS.toNanos(1));
    audit.run();
    assertEquals(List.of("unreported a@x"), house.outcomes());
  }

  @Test
  void aMessageThatWasRequeuedIsNamed() throws IOException {
    house.received(ID, "s@x", unmarked("a@x"));
    house.received("B1", RECEIVED.plusSeconds(60), "s@x", unmarked("a@x"));
    house.queueFile("active/B1", BEFORE + 60, "s@x", "Ra@x");

    house.audit();

    Event.Unreported event = (Event.Unreported) house.journal.all().get(2);
    assertEquals(ID, event.message().queueId().text());
    assertTrue(event.reason().contains("B1"), event.reason());
  }

  @Test
  void allPagesAreRead() {
    for (int i = 0; i < 501; i++) {
      house.received("C" + i, RECEIVED.plusMillis(i), "s" + i + "@x", unmarked("a@x"));
    }

    house.audit();

    assertEquals(501, house.outcomes().size());
  }

  @Test
  void aFullDiskIsTriedAgain() {
    house.received(ID, "s@x", unmarked("a@x"));
    house.journal.refuse(true);
    house.audit();
    house.journal.refuse(false);

    house.audit();

    assertEquals(List.of("unreported a@x"), house.outcomes());
  }
}
