package org.mailjournal.postfix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mailjournal.postfix.BounceAndDeferTest.DELAYED;
import static org.mailjournal.postfix.TapHouse.ID;
import static org.mailjournal.postfix.TapHouse.accepted;
import static org.mailjournal.postfix.TapHouse.request;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mailjournal.journal.Asked;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageKey;

/** Recipients of a message that is too old of whom nobody wrote anything down. */
class UntoldEndsTest extends TapCase {
  private static final String RELAYED =
      """

      recipient=a@x
      status=2.0.0
      action=relayed
      mta_mname=mx.example.com
      reason=250 2.0.0 Ok

      """;

  @BeforeEach
  void open() throws IOException {
    house.started();
  }

  /** qmgr_deliver_update: of an agent that dies nobody writes anything down. */
  @Test
  void whomNoAgentToldOfGoesWithTheMessage() throws IOException {
    MessageKey key = received("a@x", "b@x", "done@x");
    queued("Ra@x", "Rb@x", "Ddone@x");
    house.file("defer/A/" + ID, DELAYED);
    List<String> before = new CopyOnWriteArrayList<>();
    house.service(
        "defer",
        request -> {
          before.addAll(house.outcomes());
          return Optional.of(AttributeList.status(0));
        });

    assertEquals(0, house.ask("journal-defer", request(1, 5, ID, "s@x")));

    assertEquals(List.of("unreported done@x", "delayed a@x"), before);
    assertEquals(List.of("failed a@x", "failed b@x", "unreported done@x"), house.rows(key));
    assertEquals("no delivery agent told of an attempt (expired)", reason(key, 1));
    assertEquals(0, house.journal.state(key).orElseThrow().recipients().get(1).attempts());
  }

  /** bounce_diagnostic_log: with no defer file the sender is told, of nobody in particular. */
  @ParameterizedTest
  @CsvSource({
    "s@x, '(expired, returned to sender)'",
    "'', (expired)",
    "double-bounce@mail.example.org, (expired)",
    "double-bounce@mail.example.com, '(expired, returned to sender)'"
  })
  void whereNoAgentToldOfAnybodyTheMessageIsReturned(String sender, String words)
      throws IOException {
    MessageKey key = house.received(ID, sender, accepted("a@x", Asked.DEFAULT));
    queued("Ra@x");
    house.service("defer", () -> 0);

    assertEquals(0, house.ask("journal-defer", request(1, 5, ID, sender)));

    assertEquals(List.of("failed a@x"), house.rows(key));
    assertEquals("no delivery agent told of an attempt " + words, reason(key, 0));
  }

  @Test
  void whomNoAgentToldOfIsNotGivenUpWithoutABounce() throws IOException {
    MessageKey key = received("a@x");
    queued("Ra@x");
    house.service("defer", () -> 1);

    assertEquals(1, house.ask("journal-defer", request(1, 5, ID, "s@x")));
    // A warning is none, either.
    assertEquals(1, house.ask("journal-defer", request(2, 5, ID, "s@x")));

    assertEquals(List.of("queued a@x"), house.rows(key));
  }

  /** smtp(8) that died behind its trace. */
  @Test
  void whoseSuccessIsKnownIsNotGivenUp() throws IOException {
    MessageKey key = received("a@x");
    long offset = queued("Ra@x");
    house.file("trace/" + ID, RELAYED.replace("a@x", "a@x\noffset=" + offset));
    assertEquals(0, house.ask("journal-trace", request(5, 5, ID, "s@x")));
    house.service("defer", () -> 0);

    assertEquals(0, house.ask("journal-defer", request(1, 5, ID, "s@x")));

    assertEquals(List.of("relayed a@x"), house.outcomes());
    assertEquals(List.of("relayed a@x"), house.rows(key));
  }

  /** With an offset, and without one, as local(8) hands a mailbox on to another transport. */
  @ParameterizedTest
  @CsvSource({"true", "false"})
  void anAliasWhoseTargetWasPutOffHasAWordInTheDeferFile(boolean hasOffset) throws IOException {
    MessageKey key = received("team@x");
    long offset = queued("Oteam@x", "Rteam@x");
    String names = hasOffset ? "bob@x\noffset=" + offset : "bob@x\noriginal_recipient=team@x";
    house.file("defer/A/" + ID, DELAYED.replace("a@x", names));
    house.service("defer", () -> 0);

    assertEquals(0, house.ask("journal-defer", request(1, 5, ID, "s@x")));

    assertEquals(List.of("failed bob@x of team@x"), house.rows(key));
  }

  private MessageKey received(String... recipients) {
    return house.received(
        ID,
        "s@x",
        Stream.of(recipients)
            .map(address -> accepted(address, Asked.DEFAULT))
            .toArray(Event.Accepted[]::new));
  }

  /**
   * The message's queue file.
   *
   * @return where its first recipient stands
   */
  private long queued(String... records) throws IOException {
    long arrival = TapHouse.RECEIVED.getEpochSecond();
    Path file = house.queueFile("active/" + ID, arrival, "s@x", records);
    return QueueFileReader.envelope(file).recipients().get(0).offset();
  }

  private String reason(MessageKey key, int row) {
    return house.journal.state(key).orElseThrow().recipients().get(row).reason().orElseThrow();
  }
}
