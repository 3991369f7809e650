package org.mailjournal.postfix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mailjournal.postfix.TapHouse.ID;
import static org.mailjournal.postfix.TapHouse.accepted;
import static org.mailjournal.postfix.TapHouse.request;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mailjournal.journal.Asked;
import org.mailjournal.journal.EnhancedStatus;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.Remote;

class BounceAndDeferTest extends TapCase {
  static final String FAILED =
      """

      recipient=a@x
      status=5.1.1
      action=failed
      diag_type=smtp
      diag_text=550 5.1.1 no
      reason=host mx.x[192.0.2.1] said: 550 5.1.1 no (in reply to RCPT TO command)

      """;
  static final String DELAYED =
      """

      recipient=a@x
      status=4.4.1
      action=delayed
      reason=connect to mx.x[192.0.2.1]:25: Connection refused

      """;

  @BeforeEach
  void open() throws IOException {
    house.started();
    house.received(ID, "s@x", accepted("a@x", Asked.DEFAULT));
  }

  @Test
  void aFailureIsCommittedBeforePostfixBounces() throws IOException {
    house.file("bounce/" + ID, FAILED);
    List<String> known = new CopyOnWriteArrayList<>();
    FakeService real =
        house.service(
            "bounce",
            request -> {
              known.addAll(house.outcomes());
              return Optional.of(AttributeList.status(0));
            });
    AttributeList flush = request(1, 4, ID, "s@x");

    assertEquals(0, house.ask("journal-bounce", flush));

    assertEquals(List.of("failed a@x"), known);
    assertArrayEquals(flush.wire(), real.requests().get(0).wire());
    Event.Outcome failed = house.details().get(0);
    assertEquals(Optional.of("550 5.1.1 no"), failed.reply());
    assertEquals(EnhancedStatus.of("5.1.1"), failed.dsn());
    assertEquals(Optional.of("mx.x"), failed.remote().mta());
  }

  /**
   * Behind an enhanced status code a program's output is the whole reason (pipe_command.c), and a
   * user's .forward file names the program.
   */
  @Test
  void aProgramCannotBlameAnotherMailSystem() throws IOException {
    house.file(
        "bounce/" + ID,
        """

        recipient=a@x
        status=5.1.1
        action=failed
        diag_type=x-unix
        diag_text=host mx.bank[192.0.2.9] said: 550 5.1.1 no
        reason=host mx.bank[192.0.2.9] said: 550 5.1.1 no

        """);
    house.service("bounce", () -> 0);

    assertEquals(0, house.ask("journal-bounce", request(1, 4, ID, "s@x")));

    Event.Outcome failed = house.details().get(0);
    assertEquals(Remote.NONE, failed.remote());
    assertEquals(Optional.empty(), failed.reply());
    assertEquals(Optional.of("host mx.bank[192.0.2.9] said: 550 5.1.1 no"), failed.reason());
  }

  @Test
  void aFailureInTheVerpStyleIsOneToo() throws IOException {
    house.file("bounce/" + ID, FAILED);
    house.service("bounce", () -> 0);

    assertEquals(0, house.ask("journal-bounce", request(3, 4, ID, "s@x")));

    assertEquals(List.of("failed a@x"), house.outcomes());
  }

  @Test
  void withoutACommitNothingIsPassedOn() throws IOException {
    house.file("bounce/" + ID, FAILED);
    house.file("defer/A/" + ID, DELAYED);
    FakeService bounce = house.service("bounce", () -> 0);
    FakeService defer = house.service("defer", () -> 0);
    house.journal.refuse(true);

    assertNotEquals(0, house.ask("journal-bounce", request(1, 4, ID, "s@x")));
    assertNotEquals(0, house.ask("journal-defer", request(2, 4, ID, "s@x")));

    assertTrue(bounce.requests().isEmpty());
    assertTrue(defer.requests().isEmpty());
  }

  /** The real service would tell senders of what is not recorded, and remove it. */
  @Test
  void whatTheNextPassWritesMeanwhileIsNotPassedOnUnrecorded() throws IOException {
    house.file("bounce/" + ID, FAILED);
    FakeService real = house.service("bounce", () -> 0);
    Path file = directory.resolve("bounce").resolve(ID);
    house.journal.whileCommitting(() -> TapHouse.append(file, FAILED.replace("@", "2@")));

    assertNotEquals(0, house.ask("journal-bounce", request(1, 4, ID, "s@x")));
    assertTrue(real.requests().isEmpty());

    house.journal.whileCommitting(() -> {});
    assertEquals(0, house.ask("journal-bounce", request(1, 4, ID, "s@x")));
    assertEquals(1, real.requests().size());
  }

  @Test
  void theRealAnswerIsQmgrsAnswer() throws IOException {
    house.service("bounce", () -> 7);

    assertEquals(7, house.ask("journal-bounce", request(1, 4, ID, "s@x")));
  }

  @Test
  void withoutARealServiceQmgrComesAgain() throws IOException {
    house.file("bounce/" + ID, FAILED);

    assertNotEquals(0, house.ask("journal-bounce", request(1, 4, ID, "s@x")));
  }

  @Test
  void whatIsAppendedIsPassedOnUnread() throws IOException {
    FakeService real = house.service("defer", () -> 0);
    AttributeList append =
        AttributeList.of(
            "nrequest",
            "0",
            "flags",
            "0",
            "queue_id",
            ID,
            "original_recipient",
            "a@x",
            "recipient",
            "a@x",
            "offset",
            "1",
            "dsn_orig_rcpt",
            "",
            "notify_flags",
            "0",
            "status",
            "4.4.1",
            "diag_type",
            "",
            "diag_text",
            "",
            "mta_type",
            "",
            "mta_mname",
            "",
            "action",
            "delayed",
            "reason",
            "later");

    assertEquals(0, house.ask("journal-defer", append));

    assertArrayEquals(append.wire(), real.requests().get(0).wire());
    assertTrue(house.outcomes().isEmpty());
  }

  @Test
  void aWarningIsADelay() throws IOException {
    house.file("defer/A/" + ID, DELAYED);
    FakeService real = house.service("defer", () -> 0);

    assertEquals(0, house.ask("journal-defer", request(2, 4, ID, "s@x")));

    assertEquals(List.of("delayed a@x"), house.outcomes());
    assertEquals(1, real.requests().size());
  }

  @Test
  void ofAnUnknownMessageWithoutRecordsNothingIsToldAndAllIsPassedOn() throws IOException {
    FakeService bounce = house.service("bounce", () -> 0);
    FakeService defer = house.service("defer", () -> 0);

    assertEquals(0, house.ask("journal-bounce", request(1, 4, "B1", "")));
    assertEquals(0, house.ask("journal-defer", request(2, 4, "B1", "")));

    assertEquals(List.of(), house.oddities());
    assertEquals(List.of(1, 1), List.of(bounce.requests().size(), defer.requests().size()));
  }

  @Test
  void theDelayOfAnUnknownMessageIsAnOddityAndPassedOn() throws IOException {
    Files.createDirectories(directory.resolve("defer/B"));
    house.file("defer/B/B1", DELAYED);
    FakeService real = house.service("defer", () -> 0);

    assertEquals(0, house.ask("journal-defer", request(2, 4, "B1", "")));

    assertEquals(1, house.oddities().size());
    assertEquals(1, real.requests().size());
  }

  @Test
  void theFailureOfAnUnknownMessageIsAnOddityAndPassedOn() throws IOException {
    house.file("bounce/B1", FAILED);
    FakeService real = house.service("bounce", () -> 0);

    assertEquals(0, house.ask("journal-bounce", request(1, 4, "B1", "")));

    assertEquals(1, house.oddities().size());
    assertTrue(house.outcomes().isEmpty());
    assertEquals(1, real.requests().size());
  }
}
