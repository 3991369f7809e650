package org.mailjournal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables that make Postfix take mail of which no milter hears the end. */
class ActionCheckTest {
  private ConnectedPostfix machine;
  private Path table;

  @BeforeEach
  void connect(@TempDir Path directory) {
    machine = new ConnectedPostfix(directory);
    table = machine.queue().resolveSibling("table");
  }

  @AfterEach
  void disconnect() throws IOException {
    machine.close();
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
