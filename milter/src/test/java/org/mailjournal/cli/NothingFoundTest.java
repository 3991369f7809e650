package org.mailjournal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mailjournal.journal.Unrecorded;

/** How much an empty answer says, and how little. */
class NothingFoundTest {
  private static final String CASE = "Upper and lower case count";
  private static final String REFUSED = "Mail that the MTA refused altogether";

  private Terminal terminal;

  @BeforeEach
  void sit(@TempDir Path directory) {
    terminal = new Terminal(directory);
  }

  @Test
  void whatRetentionTookOutIsMentioned() {
    terminal.configured("retention = 14d").type("find", "nothing-like-it");

    assertTrue(
        terminal
            .out()
            .contains(
                "Messages without news since 2026-11-10 13:00:00 +0100 are gone (retention = 14d)."),
        terminal.out());
  }

  @ParameterizedTest
  @CsvSource({"14d, --since 13d", "24d, --since 30d", "36h, --since 35h"})
  void retentionIsNotMentionedWhereItTookNothingOutThatWasAskedFor(String keep, String since) {
    terminal.configured("retention = " + keep).type(("find x " + since).split(" ", -1));

    assertFalse(terminal.out().contains("retention"), terminal.out());
  }

  @ParameterizedTest
  @CsvSource({
    "@one.test, true",
    "one.test, true",
    "mail.xn--bcher-kva.example, true",
    "bücher.example, true",
    "--recipient one.test, true",
    "--sender @one.test, true",
    "ada@one.test, false",
    "--sender <>, false",
    "4B618D6A, false",
    "4B618D6A.2070804, false",
    "<20261124.x@mail.one.test>, false"
  })
  void whoAsksForADomainIsToldThatAddressesAreSoughtWhole(String asked, boolean isTold) {
    assertEquals(1, terminal.over(Sample.listening()).type(("find " + asked).split(" ", -1)));

    assertEquals(isTold, terminal.out().contains("An address is looked for whole"), terminal.out());
  }

  @Test
  void whoNamesAMessageIsToldNothingOfAddresses() {
    assertEquals(1, terminal.over(Sample.listening()).type("show", "4B61840C0C.mwuiwzpg"));

    assertFalse(terminal.out().contains("An address"), terminal.out());
  }

  @ParameterizedTest
  @CsvSource({
    "egress.listen = \"unix:/e\", true",
    "'egress.listen = \"unix:/e\"\npostfix.queue-directory = /q', false",
    "'', false"
  })
  void whomSendmailsRulesRefusedIsSoughtInItsLog(String lines, boolean isSaid) {
    terminal.configured(lines).type("find", "refused@example.org");

    assertEquals(
        isSaid, terminal.out().contains("a recipient that sendmail refused"), terminal.out());
  }

  @Test
  void whatWasAcceptedUnrecordedIsNamedWithItsTimes() {
    Instant first = Instant.parse("2026-11-23T09:00:00Z");
    Unrecorded one = Unrecorded.one(first);
    Unrecorded three = one.and(Unrecorded.one(first.plusSeconds(9))).and(one);
    Unrecorded untimed = new Unrecorded(2, Optional.empty(), first.minusSeconds(60));
    terminal.over(
        Sample.listening()
            .record(untimed.stated(untimed.to()), one.stated(first), three.stated(first)));
    String gaps =
        """
        Mail was accepted unrecorded (on-failure = accept):
          before 2026-11-23 09:59:00 +0100: 2 messages
          at 2026-11-23 10:00:00 +0100: 1 message
          from 2026-11-23 10:00:00 +0100 to 2026-11-23 10:00:09 +0100 (9.00 s): 3 messages
        """;

    assertEquals(1, terminal.type("find", "lost1"));
    assertTrue(terminal.out().contains(gaps), terminal.out());
    terminal.type("stats");
    assertTrue(terminal.out().contains(gaps), terminal.out());
    terminal.type("stats", "--since", "2026-11-23T10:00:05", "--json");
    assertTrue(terminal.out().contains("\"unrecorded\":3,"), terminal.out());
  }

  @Test
  void ofMoreGapsThanAnybodyReadsTheLatestAreNamed() {
    FixtureReader journal = Sample.listening();
    Instant first = Instant.parse("2026-11-23T09:00:00Z");
    for (int i = 0; i < 11; i++) {
      journal.record(Unrecorded.one(first.plusSeconds(i)).stated(first));
    }
    terminal.over(journal).type("find", "x");

    assertFalse(terminal.out().contains("10:00:00 +0100: 1 message"), terminal.out());
    assertTrue(
        terminal.out().contains("10:00:10 +0100: 1 message\n  and 1 earlier time\n"),
        terminal.out());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "find lost1@example.org",
        "find --message-id 20261124.lost",
        "find --queue-id 4b6182",
        "find --recipient Bob@example.net",
        "show 4b6182",
        "evidence lost1"
      })
  void whoNamedAnIdOrAnAddressIsToldWhatMayHideIt(String command) {
    terminal.type(command.split(" ", -1));

    String told = terminal.out() + terminal.err();
    assertTrue(told.contains(CASE), told);
    assertTrue(told.contains(REFUSED), told);
  }

  @ParameterizedTest
  @ValueSource(strings = {"find --recipient 4711@example.net", "find --queue-id 47114711"})
  void whatHasNoLettersHasNoCase(String command) {
    terminal.type(command.split(" ", -1));

    assertFalse(terminal.out().contains(CASE), terminal.out());
    assertTrue(terminal.out().contains(REFUSED), terminal.out());
  }

  @Test
  void whatWasNotAskedForIsNotExplained() {
    terminal.type("find", "--until", "2000-01-01");
    assertFalse(terminal.out().contains(CASE) || terminal.out().contains(REFUSED), terminal.out());

    terminal.type("find", "--remote-id", "x1");
    assertFalse(terminal.out().contains(REFUSED), terminal.out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"show", "evidence", "receipt"})
  void whatOnlyFindTakesIsToldHowToFind(String command) {
    assertEquals(1, terminal.type(command, "51E02514002"));

    assertEquals(
        """
        Nothing found: expected a journal id, queue id or Message-ID.
        As a remote queue id or an address it is known: journal find 51E02514002
        """,
        terminal.out() + terminal.err());
  }

  @Test
  void theCommandCanBeTypedAsItStands() {
    assertEquals("a.b+c=d@x", Words.argument("a.b+c=d@x"));
    assertEquals("'o'\\''hara $(b)@x'", Words.argument("o'hara $(b)@x"));
    assertEquals("-- -x@y", Words.argument("-x@y"));
  }
}
