package org.mailjournal.postfix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mailjournal.postfix.TapHouse.ID;
import static org.mailjournal.postfix.TapHouse.accepted;
import static org.mailjournal.postfix.TapHouse.request;
import static org.mailjournal.postfix.TapHouse.trace;
import static org.mailjournal.postfix.TapHouse.unmarked;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Asked;
import org.mailjournal.journal.Client;
import org.mailjournal.journal.EnhancedStatus;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.QueueId;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

class TracePassTest extends TapCase {
  private static final Asked SUCCESS = Asked.of(EnumSet.of(Asked.Notice.SUCCESS));
  private static final String RECORD =
      "\nrecipient=%s\nstatus=2.0.0\naction=%s\nnotify_flags=14\nreason=ok\n\n";

  @Test
  void aPassTellsOfEveryRecipient() throws IOException {
    house.withFiles().started();
    MessageKey key = house.receivedFixture(Asked.DEFAULT);
    FakeService real = house.service("trace", () -> 0);

    assertEquals(0, house.ask("journal-trace", trace(0)));

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
    Event.Outcome relayed = house.details().get(1);
    assertEquals(Optional.of("250 2.0.0 Ok"), relayed.reply());
    assertEquals(EnhancedStatus.of("2.0.0"), relayed.dsn());
    assertEquals(Optional.of("127.0.0.1"), relayed.remote().mta());
    assertEquals(Optional.of("127.0.0.1:13025"), relayed.remote().address());
    assertEquals("", relayed.attempt());
    Recipient target =
        new Recipient(new Address("a@ok.example"), Optional.of(new Address("team@alias.example")));
    assertEquals(
        Status.UNREPORTED,
        house.journal.state(key).orElseThrow().recipient(target).orElseThrow().status());
    assertFalse(Files.exists(directory.resolve("trace").resolve(ID)));
    assertTrue(Files.exists(directory.resolve("defer/A").resolve(ID)));
    assertTrue(real.requests().isEmpty());
    assertTrue(house.oddities().isEmpty());
  }

  @Test
  void aPassThatIsToldAgainChangesNothing() throws IOException {
    house.withFiles().started();
    house.receivedFixture(Asked.DEFAULT);
    house.ask("journal-trace", trace(0));
    List<Event> before = house.journal.all();
    Path defer = directory.resolve("defer/A").resolve(ID);
    FileTime written = Files.getLastModifiedTime(defer);

    house.withFiles();
    Files.setLastModifiedTime(defer, written);
    house.ask("journal-trace", trace(0));

    assertEquals(before, house.journal.all());
  }

  @Test
  void aPassWhoseAnswerGotLostBehindItsFileHasNothingNew() throws IOException {
    house.withFiles().started();
    house.receivedFixture(Asked.DEFAULT);
    house.ask("journal-trace", trace(0));
    List<Event> before = house.journal.all();
    assertFalse(Files.exists(directory.resolve("trace").resolve(ID)));

    house.ask("journal-trace", trace(0));

    assertEquals(before, house.journal.all());
  }

  /** qmgr was started anew and waits no longer, say, while the disk takes its time. */
  @Test
  void whatTheNextPassWritesMeanwhileDoesNotGoWithWhatWasRead() throws IOException {
    house.withFiles().started();
    house.receivedFixture(Asked.DEFAULT);
    Path file = directory.resolve("trace").resolve(ID);
    house.journal.whileCommitting(
        () -> TapHouse.append(file, RECORD.formatted("three@later.example", "relayed")));

    assertNotEquals(0, house.ask("journal-trace", trace(0)));

    assertTrue(Files.exists(file));
    assertFalse(house.outcomes().contains("relayed three@later.example"));
    house.journal.whileCommitting(() -> {});
    assertEquals(0, house.ask("journal-trace", trace(0)));
    assertTrue(
        house.outcomes().contains("relayed three@later.example"), house.outcomes()::toString);
    assertFalse(Files.exists(file));
  }

  @Test
  void theSameWordsInALaterPassAreAnotherAttempt() throws IOException {
    house.withFiles().started();
    house.receivedFixture(Asked.DEFAULT);
    house.ask("journal-trace", trace(0));

    Path defer = directory.resolve("defer/A").resolve(ID);
    Files.setLastModifiedTime(defer, FileTime.from(TapHouse.RECEIVED.plusSeconds(300)));
    house.ask("journal-trace", trace(0));

    List<Event.Outcome> delays =
        house.details().stream().filter(o -> o.status() == Status.DELAYED).toList();
    assertEquals(4, delays.size());
    assertNotEquals(delays.get(0).attempt(), delays.get(2).attempt());
  }

  @Test
  void nothingIsAnsweredThatIsNotCommitted() throws IOException {
    house.withFiles().started();
    house.receivedFixture(SUCCESS);
    FakeService real = house.service("trace", () -> 0);
    house.journal.refuse(true);

    assertNotEquals(0, house.ask("journal-trace", trace(0)));

    assertArrayEquals(Fixtures.bytes("short/trace"), read(directory.resolve("trace").resolve(ID)));
    assertTrue(real.requests().isEmpty());
    house.journal.refuse(false);
    assertEquals(0, house.ask("journal-trace", trace(0)));
    assertEquals(7, house.outcomes().size());
  }

  @Test
  void aTornRecordIsAnOddityAndTheOthersCount() throws IOException {
    house.started();
    house.received(ID, "s@x", accepted("a@x", Asked.DEFAULT), accepted("b@x", Asked.DEFAULT));
    house.file(
        "trace/" + ID, RECORD.formatted("a@x", "relayed") + "\nrecipient=b@x\nstatus=2.0.0\nac");

    assertEquals(0, house.ask("journal-trace", request(5, 0, ID, "s@x")));

    assertEquals(List.of("relayed a@x"), house.outcomes());
    assertEquals(1, house.oddities().size());
  }

  /** As local(8) of Postfix 3.7 writes it. */
  @Test
  void aListThatHasAnOwnerIsInNoMailbox() throws IOException {
    house.started();
    house.received(ID, "s@x", accepted("list@x", Asked.DEFAULT));
    String record = RECORD.formatted("list@x", "delivered");
    house.file(
        "trace/" + ID, record.replace("reason=ok", "reason=delivery via local: alias expanded"));

    assertEquals(0, house.ask("journal-trace", request(5, 0, ID, "s@x")));

    assertEquals(List.of("expanded list@x"), house.outcomes());
  }

  /** As local(8) writes it for {@code sendmail -v}, where nobody asked for the expansion. */
  @ParameterizedTest
  @CsvSource({
    "relayed, delivery via local: forwarded as 2C04C21439C, expanded",
    "relayed, delivery via filter: delivered via filter service (forwarded as 2C04C), relayed",
    "relayed, delivery via mx.x[192.0.2.1]:25: 250 ok: forwarded as 2C04C21439C, relayed",
    "delivered, delivery via mx.x[private/lmtp]: 250 ok: alias expanded, delivered"
  })
  void whatIsHandedInAsAMessageOfItsOwnWasTakenByNobody(String action, String words, String status)
      throws IOException {
    house.started();
    house.received(ID, "s@x", unmarked("list@x"));
    house.service("trace", () -> 0);
    String record = RECORD.formatted("list@x", action);
    house.file("trace/" + ID, record.replace("reason=ok", "reason=" + words));

    assertEquals(0, house.ask("journal-trace", request(5, 1 << 10, ID, "s@x")));

    assertEquals(List.of(status + " list@x"), house.outcomes());
  }

  @Test
  void anActionThatNobodyKnowsIsAnOddity() throws IOException {
    house.started();
    house.received(ID, "s@x", accepted("a@x", Asked.DEFAULT));
    house.file("trace/" + ID, RECORD.formatted("a@x", "teleported"));

    assertEquals(0, house.ask("journal-trace", request(5, 0, ID, "s@x")));

    assertTrue(house.outcomes().isEmpty());
    assertTrue(house.oddities().get(0).problem().contains("teleported"));
  }

  @Test
  void aDamagedQueueFileIsAnOddityAndTheRecordsCount() throws IOException {
    house.started();
    house.received(ID, "s@x", accepted("a@x", Asked.DEFAULT));
    house.file("trace/" + ID, RECORD.formatted("a@x", "relayed"));
    house.file("active/" + ID, "no such thing");

    assertEquals(0, house.ask("journal-trace", request(5, 0, ID, "s@x")));

    assertEquals(List.of("relayed a@x"), house.outcomes());
    assertEquals(1, house.oddities().size());
  }

  @Test
  void aFailureWhoseBounceFailedIsToldByTheTrace() throws IOException {
    house.started();
    house.received(ID, "s@x", accepted("a@x", Asked.DEFAULT));
    house.file("bounce/" + ID, "\nrecipient=a@x\nstatus=5.1.1\naction=failed\nreason=no\n\n");
    house.queueFile("active/" + ID, 1_700_000_000, "s@x", "Oa@x", "Da@x");

    assertEquals(0, house.ask("journal-trace", request(5, 0, ID, "s@x")));

    assertEquals(List.of("failed a@x"), house.outcomes());
    assertTrue(Files.exists(directory.resolve("bounce/" + ID)));
  }

  @Test
  void aDuplicateThatPostfixDroppedDoesNotStayOpen() throws IOException {
    house.started();
    MessageKey key =
        house.received(
            ID,
            "s@x",
            accepted("a@x", Asked.DEFAULT),
            accepted("gone@x", Asked.DEFAULT),
            unmarked("list@x"));
    house.file("trace/" + ID, RECORD.formatted("a@x", "relayed"));
    house.queueFile("active/" + ID, 1_700_000_000, "s@x", "Oa@x", "Da@x", "Olist@x", "Dm@x");

    house.ask("journal-trace", request(5, 0, ID, "s@x"));

    assertEquals(
        List.of("relayed a@x", "unreported m@x", "unreported gone@x", "unreported list@x"),
        house.outcomes());
    assertTrue(house.journal.state(key).orElseThrow().isFinished());
  }

  /** As who wants a copy elsewhere has it: its own fate must not hide behind "expanded". */
  @Test
  void anAliasThatIsItsOwnTargetIsNotDoneWithByItsExpansion() throws IOException {
    house.started();
    MessageKey key = house.received(ID, "s@x", accepted("a@x", Asked.DEFAULT));
    house.file("trace/" + ID, RECORD.formatted("a@x", "expanded"));
    house.file("defer/A/" + ID, "\nrecipient=a@x\nstatus=4.2.0\naction=delayed\nreason=wait\n\n");
    house.queueFile("active/" + ID, 1_700_000_000, "s@x", "Oa@x", "Ra@x", "Oa@x", "Dcopy@x");

    house.ask("journal-trace", request(5, 0, ID, "s@x"));

    assertEquals(List.of("delayed a@x", "unreported copy@x"), house.outcomes());
    assertFalse(house.journal.state(key).orElseThrow().isFinished());
  }

  @Test
  void aRefusedRecipientIsNotWhereAnAliasLeads() throws IOException {
    house.started();
    MessageKey key = new MessageKey("mail.example.org", new QueueId(ID), TapHouse.RECEIVED);
    house.record(
        new Event.Received(
            TapHouse.RECEIVED,
            Source.MILTER,
            key,
            Optional.empty(),
            new Address("s@x"),
            Optional.empty(),
            Client.UNKNOWN,
            100,
            List.of(),
            List.of(accepted("team@x", Asked.DEFAULT)),
            List.of(new Event.Rejected(new Address("bob@x"), Optional.empty(), "450 4.2.0 wait"))));
    house.file(
        "bounce/" + ID,
        "\nrecipient=bob@x\noriginal_recipient=team@x\nstatus=5.1.1\naction=failed\nreason=no\n\n");

    house.ask("journal-trace", request(5, 0, ID, "s@x"));

    Recipient bob = new Recipient(new Address("bob@x"), Optional.of(new Address("team@x")));
    assertEquals(
        Status.FAILED,
        house.journal.state(key).orElseThrow().recipient(bob).orElseThrow().status());
  }

  @Test
  void manyRecipientsComeInBoundedCommits() throws IOException {
    house.started();
    house.received(ID, "s@x", accepted("list@x", Asked.DEFAULT));
    StringBuilder records = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      records.append(RECORD.formatted("u" + i + "@x", "relayed"));
    }
    house.file("trace/" + ID, records.toString());

    assertEquals(0, house.ask("journal-trace", request(5, 0, ID, "s@x")));

    assertEquals(20_000, house.details().size());
    assertEquals(1 + 20_000 / Batch.SIZE, house.journal.commits());
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
