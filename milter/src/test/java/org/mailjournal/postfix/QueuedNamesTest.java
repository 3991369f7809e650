package org.mailjournal.postfix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mailjournal.postfix.TapHouse.ID;
import static org.mailjournal.postfix.TapHouse.accepted;
import static org.mailjournal.postfix.TapHouse.request;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mailjournal.journal.Asked;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageKey;

/**
 * A delivery agent names a recipient by where it stands in the queue file, whatever it calls it:
 * bounce(8) cannot print every name, and Postfix delivers under other names than it queues.
 */
class QueuedNamesTest extends TapCase {
  /** Behind the arrival of the messages whose files these are. */
  private static final Instant LATER = Instant.parse("2026-11-30T07:04:00Z");

  private static final long ARRIVAL = TapHouse.RECEIVED.getEpochSecond() - 1;

  private static final String MARK = "Anotify_flags=14";

  private static final String RECORD =
      """

      recipient=%s
      offset=%d
      status=%s
      action=%s
      notify_flags=14
      reason=words

      """;

  @BeforeEach
  void open() throws IOException {
    house.started();
    house.service("bounce", () -> 0);
    house.service("trace", () -> 0);
  }

  private MessageKey received(Instant at, String... addresses) {
    return house.received(
        ID,
        at,
        "games@local.test",
        Stream.of(addresses)
            .map(address -> accepted(address, Asked.DEFAULT))
            .toArray(Event.Accepted[]::new));
  }

  private void ask(String service) throws IOException {
    int command = service.equals("trace") ? 5 : 1;
    assertEquals(0, house.ask("journal-" + service, request(command, 0, ID, "games@local.test")));
  }

  /** The queue file of what was received, and where each of its recipients stands. */
  private List<Long> queued(String... records) throws IOException {
    Path file = house.queueFile("active/" + ID, ARRIVAL, "games@local.test", records);
    return QueueFileReader.envelope(file).recipients().stream()
        .map(QueueRecipient::offset)
        .toList();
  }

  /** smtputf8_enable = no: müller and jörg in UTF-8, böll in ISO 8859-1. */
  @Test
  void whatPostfixCannotPrintIsStillWhomTheSenderNamed() throws IOException {
    house.withFiles("neutered");
    MessageKey key =
        received(LATER, "müller@local.test", "jörg@one.test", "grün@down.test", "böll@one.test");

    ask("bounce");
    ask("trace");

    assertEquals(
        List.of(
            "failed müller@local.test",
            "delivered jörg@one.test",
            "delayed grün@down.test",
            "delivered böll@one.test"),
        house.rows(key));
  }

  @Test
  void anotherNameToDeliverToIsNoSecondFate() throws IOException {
    house.withFiles("renamed");
    MessageKey key =
        received(
            LATER,
            "unknownx@local.test",
            "bob%one.test@local.test",
            "\"c d@one.test\"@local.test",
            "lteam@local.test",
            "ok@one.test",
            "late%down.test@local.test");

    ask("trace");

    assertEquals(
        List.of(
            "expanded lteam@local.test",
            "delivered ok@one.test",
            "delivered bob@one.test of bob%one.test@local.test",
            "delivered games@local.test of unknownx@local.test",
            "delivered \"c d\"@one.test of \"c d@one.test\"@local.test",
            "delayed late@down.test of late%down.test@local.test"),
        house.rows(key));
  }

  @Test
  void aRedirectedRecipientIsToldByWhereItWent() throws IOException {
    house.withFiles("redirected");
    MessageKey key = received(LATER, "ra@one.test", "z2@one.test");

    ask("trace");

    assertEquals(
        List.of("queued z2@one.test", "delivered accnew@one.test of ra@one.test"), house.rows(key));
  }

  /**
   * One of its targets was put off: local(8) traces the expansion all the same, as a delivery where
   * there is an owner, and is asked for all targets once more.
   */
  @ParameterizedTest
  @CsvSource({"expanded, words", "delivered, delivery via local: alias expanded"})
  void anAliasThatPostfixGoesOnWithIsNotExpandedYet(String action, String reason)
      throws IOException {
    MessageKey key = received(TapHouse.RECEIVED, "mix@x");
    long offset = queued(MARK, "Omix@x", "Rmix@x").get(0);
    String expanded = RECORD.formatted("mix@x", offset, "2.0.0", action).replace("words", reason);
    house.file("trace/" + ID, expanded);
    Path deferred =
        house.file("defer/A/" + ID, RECORD.formatted("mix@x", offset, "4.3.0", "delayed"));
    ask("trace");
    assertEquals(List.of("delayed mix@x"), house.rows(key));

    queued(MARK, "Omix@x", "Dmix@x");
    Files.delete(deferred);
    house.file("trace/" + ID, expanded);
    ask("trace");

    assertEquals(List.of("expanded mix@x"), house.rows(key));
  }

  /**
   * Where each delivery is recorded (sendmail -v, confirm_delay_cleared): one program of it ran,
   * and another put it off.
   */
  @Test
  void whatWasDoneForAnAliasIsNoEndWhileAnotherPartOfItIsPutOff() throws IOException {
    MessageKey key = received(TapHouse.RECEIVED, "mix@x");
    long offset = queued(MARK, "Omix@x", "Rmix@x").get(0);
    String ran = RECORD.formatted("mix@x", offset, "2.0.0", "delivered").replace("=14", "=12");
    String target = RECORD.formatted("bob@x", offset, "2.0.0", "delivered").replace("=14", "=12");
    house.file("trace/" + ID, ran + target);
    Path deferred =
        house.file("defer/A/" + ID, RECORD.formatted("mix@x", offset, "4.3.0", "delayed"));
    ask("trace");
    assertEquals(List.of("delayed mix@x", "delivered bob@x of mix@x"), house.rows(key));

    queued(MARK, "Omix@x", "Dmix@x");
    Files.delete(deferred);
    house.file("trace/" + ID, ran);
    ask("trace");

    assertEquals(List.of("delivered mix@x", "delivered bob@x of mix@x"), house.rows(key));
  }

  /** The bounce is out and its file gone when the trace is asked for. */
  @Test
  void aFailureUnderAnotherNameIsNotForgottenBehindTheBounce() throws IOException {
    MessageKey key = received(TapHouse.RECEIVED, "gone%far@x");
    long offset = queued(MARK, "Ogone%far@x", "Dgone%far@x").get(0);
    Path file = house.file("bounce/" + ID, RECORD.formatted("gone@far", offset, "5.1.1", "failed"));
    ask("bounce");
    Files.delete(file);

    ask("trace");

    assertEquals(List.of("failed gone@far of gone%far@x"), house.rows(key));
  }

  /** Of a virtual alias's target Postfix keeps failures only, and so of what that expands to. */
  @Test
  void aTargetThatFailedDoesNotSpeakForThoseOfWhomNothingIsTold() throws IOException {
    MessageKey key = received(TapHouse.RECEIVED, "team@x");
    long offset = queued("Anotify_flags=12", "Oteam@x", "Dlocal-team@x").get(0);
    house.file("bounce/" + ID, RECORD.formatted("nosuch@x", offset, "5.1.1", "failed"));

    ask("trace");

    assertEquals(
        List.of("failed nosuch@x of team@x", "unreported local-team@x of team@x"), house.rows(key));
  }

  /** enable_original_recipient = no; Postfix itself added archive@x. */
  @Test
  void withoutAnOriginalTheQueueFileTellsWhomTheDialogueNamed() throws IOException {
    MessageKey key = received(TapHouse.RECEIVED, "bob%far@x");
    List<Long> offsets = queued(MARK, "Dbob%far@x", "Anotify_flags=1", "Darchive%far@x");
    house.file(
        "trace/" + ID,
        RECORD.formatted("bob@far", offsets.get(0), "2.0.0", "relayed")
            + RECORD.formatted("archive@far", offsets.get(1), "5.1.1", "relayed"));

    ask("trace");

    assertEquals(
        List.of("relayed bob@far of bob%far@x", "relayed archive@far", "unreported archive%far@x"),
        house.rows(key));
  }

  @Test
  void anOffsetAtWhichNobodyStandsLeavesTheName() throws IOException {
    MessageKey key = received(TapHouse.RECEIVED, "a@x", "b@x");
    long offset = queued("Oa@x", "Da@x", "Ob@x", "Rb@x").get(0);
    house.file("trace/" + ID, RECORD.formatted("a@x", offset + 1, "2.0.0", "relayed"));

    ask("trace");

    assertEquals(List.of("relayed a@x", "queued b@x"), house.rows(key));
  }

  @Test
  void theTargetOfALocalAliasKeepsItsNameAndItsAlias() throws IOException {
    MessageKey key = received(TapHouse.RECEIVED, "lteam@x");
    long offset = queued(MARK, "Olteam@x", "Rlteam@x").get(0);
    String targets =
        RECORD.formatted("nosuch@x", offset, "5.1.1", "failed")
            + RECORD.formatted("m??ller@x", offset, "5.1.1", "failed");
    house.file("bounce/" + ID, targets);
    house.file("defer/A/" + ID, RECORD.formatted("slow@x", offset, "4.2.0", "delayed"));
    house.file("trace/" + ID, RECORD.formatted("lteam@x", offset, "2.0.0", "expanded"));
    ask("bounce");
    ask("trace");
    Files.delete(directory.resolve("defer/A/" + ID));
    Files.delete(directory.resolve("bounce/" + ID));

    // local(8) traces it in each pass.
    house.file("trace/" + ID, RECORD.formatted("lteam@x", offset, "2.0.0", "expanded"));
    queued(MARK, "Olteam@x", "Dlteam@x");
    ask("trace");

    assertEquals(
        List.of(
            "expanded lteam@x",
            "failed nosuch@x of lteam@x",
            "failed m??ller@x of lteam@x",
            "unreported slow@x of lteam@x"),
        house.rows(key));
    assertEquals(
        Optional.of("put off before, and no delivery agent told of its end"),
        house.journal.state(key).orElseThrow().recipients().get(3).reason());
  }
}
