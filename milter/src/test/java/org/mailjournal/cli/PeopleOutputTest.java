package org.mailjournal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Asked;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.Remote;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

/** What people see, held against the golden files beside this class's resources. */
class PeopleOutputTest {
  private Terminal terminal;

  @BeforeEach
  void sit(@TempDir Path directory) {
    terminal = new Terminal(directory);
  }

  @ParameterizedTest
  @CsvSource({
    "find, find.txt, 0",
    "show 4B61820C0A, show-every-status.txt, 0",
    "show 4B61840C0C, show-chain.txt, 0",
    "stats, stats.txt, 0",
    "stats --since 2026-11-24T10:30, stats-since.txt, 0",
    "find nothing-like-it, nothing-found.txt, 1"
  })
  void theOutputIsAsInTheGoldenFile(String command, String golden, int code) throws IOException {
    assertEquals(code, terminal.type(command.split(" ", -1)));

    assertEquals(golden(golden), terminal.out());
    assertEquals("", terminal.err());
  }

  private static String golden(String name) throws IOException {
    try (InputStream in = PeopleOutputTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void aMessageOfWhichNoMilterToldSaysSo() {
    String words = "from its queue file; no milter told of it";
    terminal.over(Sample.listening().record(Sample.foundling()));

    terminal.type("find", "F0UND");
    assertTrue(terminal.out().contains("1 byte  (" + words + ")"), terminal.out());
    assertTrue(terminal.out().contains("taken into the queue at 12:00:00;"), terminal.out());
    terminal.type("show", "F0UND");
    assertTrue(terminal.out().contains("12:00:00.000 +0100, " + words), terminal.out());
    assertTrue(terminal.out().contains("client      not known"), terminal.out());
  }

  /** It may have come over SMTP, and the milter's record late or never. */
  @Test
  void ofAMessageThatTheRelaySawFirstTheClientIsNotKnown() {
    terminal.over(Sample.listening().record(Sample.seenByRelay()));

    terminal.type("show", "RELAY1");

    assertTrue(terminal.out().contains("client      not known"), terminal.out());
    assertTrue(terminal.out().contains("Hops\n  a client that is not known\n"), terminal.out());
    assertFalse(terminal.out().contains("program on this machine"), terminal.out());
  }

  @Test
  void showNamesTheOthersThatHaveTheSameMessageId() {
    terminal.over(
        new FixtureReader()
            .record(
                Sample.received(Sample.key("F1", "2026-11-24T09:00:00Z"), List.of(), List.of()),
                Sample.received(Sample.key("F2", "2026-11-24T10:00:00Z"), List.of(), List.of())));

    terminal.type("show", "4B618D6A.2070804");

    String others = "Others with this Message-ID\n  2026-11-24 10:00:00 +0100  F1.";
    assertTrue(terminal.out().contains(others), terminal.out());
    terminal.type("show", "F2");
    assertFalse(terminal.out().contains("Others"));
  }

  /** Anybody who was sent a message can use its Message-ID again, as often as he likes. */
  @Test
  void showSaysThatThereMayBeMoreOthersThanItNames() {
    FixtureReader many = new FixtureReader();
    for (int i = 10; i < 40; i++) {
      many.record(
          Sample.received(
              Sample.key("F" + i, "2026-11-24T09:00:" + i + "Z"), List.of(), List.of()));
    }
    terminal.over(many);

    terminal.type("show", "4B618D6A.2070804");
    assertTrue(
        terminal.out().endsWith("  and more, perhaps: journal find 4B618D6A.2070804\n"),
        terminal.out());
    terminal.type("show", "F12");
    assertFalse(terminal.out().contains("perhaps"));
  }

  @Test
  void showNamesTheOthersThatHadTheSameQueueId() {
    terminal.over(
        new FixtureReader()
            .record(
                Sample.received(Sample.key("F1", "2026-11-24T09:00:00Z"), List.of(), List.of()),
                Sample.received(Sample.key("F1", "2026-11-25T10:00:00Z"), List.of(), List.of())));

    terminal.type("show", "F1");

    String others = "Others with this queue id\n  2026-11-24 10:00:00 +0100  F1.";
    assertTrue(terminal.out().contains(others), terminal.out());
    terminal.type("show", terminal.out().replaceFirst("(?s).*journal id +(\\S+).*", "$1"));
    assertFalse(terminal.out().contains("Others"));
  }

  @Test
  void whatAProgramTookIsNotSaidToBeAtANextHop() {
    terminal.over(
        new FixtureReader()
            .record(
                Sample.received(Sample.MIXED, List.of(), List.of()),
                new Sample.Outcome(
                        Sample.MIXED, "x@y.z", Status.RELAYED, "2026-11-24T09:01:02Z", "2.0.0")
                    .reason("delivered via filter service")
                    .event()));

    terminal.type("show", "4B61820C0A");

    assertTrue(
        terminal.out().contains("-> a program of this machine for x@y.z: relayed"), terminal.out());
  }

  @Test
  void theEventThatEndsItSaysThatItExpired() {
    showOneOf(
        Status.FAILED,
        "4.2.2",
        "452 4.2.2 Mailbox full",
        "host said: 452 4.2.2 Mailbox full (expired, returned to sender)");

    String event = "[192.0.2.1]  452 4.2.2 Mailbox full (expired, returned to sender)\n";
    assertTrue(terminal.out().contains(event), terminal.out());
  }

  /** In a trace Postfix's words end with the far side's (trace.c). */
  @Test
  void nothingThatWasTakenIsSaidToHaveExpired() {
    showOneOf(
        Status.RELAYED,
        "2.0.0",
        "250 2.0.0 Taken, licence (expired)",
        "delivery via mx.example.com: 250 2.0.0 Taken, licence (expired)");

    String event = "[192.0.2.1]  250 2.0.0 Taken, licence (expired)\n";
    assertTrue(terminal.out().contains(event), terminal.out());
  }

  private void showOneOf(Status status, String code, String reply, String reason) {
    Event outcome =
        new Sample.Outcome(Sample.AGAIN, "ann@example.com", status, "2026-11-24T10:00:04Z", code)
            .far("mx.example.com", "192.0.2.1")
            .reply(reply)
            .reason(reason)
            .event();
    terminal.over(new FixtureReader().record(againReceived(), outcome)).type("show", "4B61840C0C");
  }

  @Test
  void whereThereAreOdditiesItIsSaidWhatShowsThem() {
    terminal.over(Sample.everything()).type("stats");

    assertTrue(terminal.out().contains("'journal tail --since T' prints them"), terminal.out());
  }

  @ParameterizedTest
  @CsvSource({
    "213, 0.22 s",
    "210, 0.21 s",
    "9991, 10 s",
    "18824, 19 s",
    "59001, 1 min 0 s",
    "3600001, 1 h 1 min",
    "86400000, 1 d 0 h",
    "86400001, 1 d 1 h"
  })
  void whatIsSaidToBeWithinALengthIs(long milliseconds, String length) {
    assertEquals(length, Words.within(Duration.ofMillis(milliseconds)));
  }

  @Test
  void aTerminalGetsColoursAndAHint() {
    terminal.atTerminal().type("find", "--queue-id", "4B61840C0C");

    assertTrue(terminal.out().contains("\u001b[32mrelayed"));
    assertTrue(terminal.out().contains("journal show 4B61840C0C.mwuiwzpg"));
  }

  @Test
  void aTerminalIsToldThatThereMayBeMore() {
    terminal.atTerminal().type("find", "--limit", "2");

    assertTrue(terminal.out().contains("--limit N shows more than 2"));
  }

  @Test
  void whoseAnswerMayBeCutIsToldBesideIt() {
    FixtureReader many = Sample.listening();
    for (int i = 0; i < 100; i++) {
      many.record(
          Sample.received(
              Sample.key("F" + i, "2026-11-24T10:00:00Z"),
              List.of(),
              List.of(Sample.accepted("a@b.test", Asked.DEFAULT, "smtp"))));
    }
    terminal.over(many);

    for (String command : List.of("find", "find --json")) {
      assertEquals(0, terminal.type(command.split(" ", -1)));
      assertFalse(terminal.out().contains("--limit"), terminal.out());
      assertEquals("journal: there may be more: --limit N shows more than 100\n", terminal.err());
    }
    terminal.type("find", "--limit", "100");
    assertEquals("", terminal.err());
  }

  @Test
  void theKindsOfEventsHaveRoomInTheirColumn() {
    FixtureReader journal = Sample.everything();
    Sample.receipts().forEach(journal::record);
    terminal.over(journal).type("show", "4B61820C0A");

    Set<Integer> columns = new TreeSet<>();
    terminal
        .out()
        .lines()
        .filter(line -> line.contains("  milter  ") || line.contains("  admin   "))
        .forEach(line -> columns.add(columnOfDetail(line)));
    assertEquals(1, columns.size(), terminal.out());
  }

  private static int columnOfDetail(String line) {
    Matcher matcher = Pattern.compile("^.*  (?:milter|admin)  +\\S+  +").matcher(line);
    assertTrue(matcher.find(), line);
    return matcher.end();
  }

  @ParameterizedTest
  @CsvSource({"NO_COLOR, 1", "TERM, dumb"})
  void aPersonCanRefuseColours(String variable, String value) {
    terminal.atTerminal().in(variable, value).type("find");

    assertFalse(terminal.out().contains("\u001b"));
  }

  @Test
  void aPipeGetsNeitherColoursNorHints() {
    terminal.type("find");

    assertFalse(terminal.out().contains("\u001b"));
    assertFalse(terminal.out().contains("journal show"));
  }

  private static Event againReceived() {
    return Sample.received(
        Sample.AGAIN,
        List.of(),
        List.of(Sample.accepted("ann@example.com", Asked.DEFAULT, "smtp")));
  }

  @Test
  void aChangedAddressIsShownBesideTheOneTheSenderGave() {
    Event.Outcome outcome =
        new Event.Outcome(
            Instant.parse("2026-11-24T10:00:04Z"),
            Source.PASS,
            Sample.AGAIN,
            new Recipient(
                new Address("ann.lee@example.com"), Optional.of(new Address("ann@example.com"))),
            Status.RELAYED,
            Optional.empty(),
            Remote.NONE,
            Optional.of("250 ok"),
            Optional.empty(),
            "");
    terminal.over(Sample.listening().record(againReceived(), outcome));

    terminal.type("find");

    assertTrue(
        terminal
            .out()
            .contains(
                "ann.lee@example.com (for ann@example.com)  relayed     accepted by the next hop at 11:00:04: 250 ok"),
        terminal.out());
  }

  @Test
  void aFarReportOfDeliveryIsCalledOne() {
    Event.Outcome report =
        new Event.Outcome(
            Instant.parse("2026-11-24T11:00:04Z"),
            Source.REPORT,
            Sample.AGAIN,
            Recipient.of(new Address("ann@example.com")),
            Status.DELIVERED,
            Optional.empty(),
            Remote.NONE,
            Optional.empty(),
            Optional.empty(),
            "");
    terminal.over(Sample.listening().record(againReceived(), report));

    terminal.type("find");

    assertTrue(terminal.out().contains("a report from the far side says that"), terminal.out());
  }

  @Test
  void aJournalThatNeverListenedSaysSo() {
    terminal.over(new FixtureReader());

    assertEquals(1, terminal.type("find"));
    assertTrue(terminal.out().contains("has never listened"));
  }

  @Test
  void aDaemonThatIsAwayIsMentionedWhenNothingIsFound() {
    terminal.over(
        new FixtureReader()
            .listened(Sample.span("2026-11-20T06:10:00Z", "2026-11-22T03:00:00Z", false)));

    terminal.type("find");

    assertTrue(
        terminal
            .out()
            .contains(
                "It does not listen now: it stopped at 2026-11-22 04:00:00 +0100 or later, without a word."),
        terminal.out());
  }
}
