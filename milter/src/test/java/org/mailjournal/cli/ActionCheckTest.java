package org.mailjournal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables that make Postfix take mail of which no milter hears the end. */
class ActionCheckTest extends PostfixCase {
  private Path table;

  @BeforeEach
  void place() {
    table = machine.queue().resolveSibling("table");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "header_checks | /^Subject: two words/i REDIRECT new@one.test | REDIRECT in it keeps the end of a message from every milter",
        "body_checks | /a\\/b/ pass trusted | PASS in it keeps",
        "mime_header_checks | !/x/ Pass | PASS in it keeps",
        "nested_header_checks | if /x/\\n/y/ REDIRECT a@b\\nendif | REDIRECT in it keeps",
        "header_checks | /x/\\n   DISCARD | DISCARD in it throws mail away of which the client was told 250",
      })
  void anActionThatKeepsTheEndFromMiltersIsAWarning(String name, String entries, String words)
      throws IOException {
    Files.writeString(table, entries.replace("\\n", "\n") + "\n");
    machine.main(name, "regexp:" + table);

    machine.expect(0, name + " = regexp:" + table + ": " + words, "where that will do");
  }

  @Test
  void anActionThatStandsInMainCfIsAWarning() {
    machine.main("header_checks", "inline:{{x: y = REDIRECT smtp:a@b}}");

    machine.expect(0, "REDIRECT in it keeps", "where that will do");
    assertFalse(machine.terminal().out().contains("looked through"), machine.terminal().out());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "# /x/ DISCARD",
        "/REDIRECT PASS/ REJECT",
        "/x/ REJECT see http://a/ PASS on",
        "/x/ WARN DISCARD",
        "/x/ DUNNO"
      })
  void theSameWordsElsewhereAreNone(String entry) throws IOException {
    Files.writeString(table, entry + "\n");
    machine.main("header_checks", "pcre:" + table);

    assertEquals(0, machine.check(), machine.terminal().out());
    assertFalse(machine.terminal().out().contains("header_checks"), machine.terminal().out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "smtpd_recipient_restrictions | check_recipient_access hash:@, permit",
        "smtpd_sender_restrictions | reject_unlisted_sender, check_sender_access proxy:texthash:@",
        "smtpd_client_restrictions | check_client_access static:DISCARD",
        "smtpd_end_of_data_restrictions | check_reverse_client_hostname_access hash:@"
      })
  void anAccessTableThatThrowsAwayIsAWarning(String name, String value) throws IOException {
    Files.writeString(table, "a@one.test OK\nb@one.test discard silently\n");
    machine.main(name, value.replace("@", table.toString()));

    machine.expect(0, "DISCARD in it throws mail away", "REJECT there");
  }

  /** A map where a restriction stands is one of access(5). */
  @Test
  void anAccessTableWithoutACheckInFrontOfItIsOne() throws IOException {
    Files.writeString(table, "192.0.2.0/24 DISCARD\n");
    machine.main("smtpd_client_restrictions", "permit_mynetworks, cidr:" + table);

    machine.expect(0, "DISCARD in it throws mail away", "REJECT there");
  }

  @Test
  void accessTablesThatCannotBeLookedThroughAreOneWarning() {
    machine.main(
        "smtpd_recipient_restrictions",
        "check_policy_service unix:private/policy, check_policy_service { inet:[::1]:10023,"
            + " timeout=5s }, check_recipient_access proxy:mysql:/etc/postfix/to.cf, permit");
    machine.main("smtpd_sender_restrictions", "check_sender_access ldap:/etc/postfix/from.cf");

    machine.expect(
        0,
        "not looked through: ldap:/etc/postfix/from.cf, proxy:mysql:/etc/postfix/to.cf; DISCARD in",
        "see that it is not in them");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "header_checks | regexp:{ {/^X-Spam/ DISCARD} }",
        "smtpd_sender_restrictions | check_sender_access regexp:{{/spam/ DISCARD}}, permit",
        "smtpd_client_restrictions | { check_client_access cidr:{{0.0.0.0/0 DISCARD}} }, permit"
      })
  void aTableOfPatternsInTheSettingItselfIsLookedThrough(String name, String value) {
    machine.main(name, value);

    machine.expect(0, "DISCARD in it throws mail away", "REJECT there");
  }

  /** What stands between two of them is one, too. */
  @Test
  void aTableBetweenTwoThatStandInTheSettingIsLookedThrough() throws IOException {
    Files.writeString(table, "b@one.test DISCARD\n");
    machine.main(
        "smtpd_sender_restrictions",
        "check_sender_access inline:{a=OK}, check_sender_access hash:"
            + table
            + ", check_sender_access inline:{c=OK}");

    machine.expect(0, "DISCARD in it throws mail away", "REJECT there");
  }

  /** Where a milter in front of ours adds a field, and ours hears no end of the message. */
  @Test
  void aCheckOfWhatMiltersAddThrowsAwayToo() throws IOException {
    Files.writeString(table, "/^X-Spam: yes/ DISCARD\n");
    machine.main("milter_header_checks", "regexp:" + table);

    machine.expect(0, "milter_header_checks = regexp:" + table + ": DISCARD in it", "REJECT there");

    machine.main("smtpd_milters", machine.read("non_smtpd_milters"));
    assertEquals(0, machine.check(), machine.terminal().out());
    assertFalse(machine.terminal().out().contains("DISCARD"), machine.terminal().out());
  }

  /** By then milters are not passed over any more. */
  @ParameterizedTest
  @ValueSource(strings = {"REDIRECT spam@one.test", "HOLD"})
  void whatElseItSaysIsNone(String action) throws IOException {
    Files.writeString(table, "/^X-Spam: yes/ " + action + "\n");
    machine.main("milter_header_checks", "regexp:" + table);

    assertEquals(0, machine.check(), machine.terminal().out());
    assertFalse(machine.terminal().out().contains("_checks"), machine.terminal().out());
  }

  /** Milters do not miss what an access table redirects. */
  @Test
  void anAccessTableThatRedirectsIsNone() throws IOException {
    Files.writeString(table, "a@one.test REDIRECT b@one.test\n");
    machine.main("smtpd_recipient_restrictions", "check_recipient_access hash:" + table);

    assertEquals(0, machine.check());
    assertFalse(machine.terminal().out().contains("REDIRECT"), machine.terminal().out());
  }

  @Test
  void aTableOfContentThatCannotBeLookedThroughIsAWarning() {
    machine.main("body_checks", "mysql:/etc/postfix/body.cf");

    machine.expect(0, "mysql:/etc/postfix/body.cf was not looked through", "see that they are not");
  }
}
