package org.mailjournal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a Postfix would refuse, lose or leave out the mark of recipients. */
class MarkCheckTest extends PostfixCase {
  @Test
  void aTableThatDiscardsDsnForSomeClientsIsFound() throws IOException {
    Path table = machine.queue().resolveSibling("keywords");
    machine.main("smtpd_discard_ehlo_keyword_address_maps", "cidr:" + table);

    Files.writeString(table, "# dsn is for all\n192.0.2.0/24 pipelining\n");
    assertEquals(0, machine.check(), machine.terminal().out());

    Files.writeString(table, "192.0.2.0/24 pipelining, dsn\n");
    machine.expect(2, "refuses the mail of those clients (501 5.7.1)", "take dsn out of it");
  }

  @Test
  void aTableThatCannotBeLookedThroughIsAWarning() {
    machine.main("smtpd_discard_ehlo_keyword_address_maps", "proxy:ldap:clients");

    machine.expect(0, "proxy:ldap:clients was not checked", "see that dsn is not in it");
  }

  @ParameterizedTest
  @CsvSource({
    "smtp_discard_ehlo_keyword_address_maps, smtp_discard_ehlo_keywords",
    "lmtp_discard_lhlo_keyword_address_maps, lmtp_discard_lhlo_keywords"
  })
  void whatDecidesInPlaceOfTheKeywordsIsAWarningUnlessItHasDsn(String maps, String keywords)
      throws IOException {
    Path table = machine.queue().resolveSibling("keywords");
    machine.main(maps, "cidr:" + table);

    Files.writeString(table, "192.0.2.0/24 dsn\n192.0.2.1/32 pipelining\n");
    machine.expect(0, "decides in place of " + keywords, "let each of its answers have dsn");

    Files.writeString(table, "192.0.2.0/24 dsn\n192.0.2.1/32 pipelining dsn\n");
    assertEquals(0, machine.check());
    assertTrue(machine.terminal().out().startsWith("No problem. "), machine.terminal().out());
  }

  @Test
  void aFilterInFrontOfTheQueueThatIsHandedTheMarkIsAWarning() {
    machine.override("smtp/inet/smtpd_proxy_filter", "127.0.0.1:10026");
    machine.expect(
        0,
        "smtpd_proxy_filter = 127.0.0.1:10026 for smtp/inet: a filter that does not speak DSN",
        "-P 'smtp/inet/smtpd_command_filter='");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RCPT TO:<a@b.test>",
        "RCPT TO:<a@b.test> NOTIFY=NEVER",
        "RCPT TO:<a@b.test> NOTIFY=sUCCESS",
        "RCPT TO:<a@b.test> NOTIFY=DELAY"
      })
  void aFilterThatDoesNotMarkIsFound(String command) {
    machine.unmarked(command);

    machine.expect(
        2, "of '" + command + "' it makes nothing", "mailjournal_rcpt.regexp at the end of");
  }

  /** As of the smtpd to which a content filter hands back what was marked when it came in. */
  @Test
  void aFilterOfOneServiceThatDoesNotMarkIsAWarning() {
    machine.override("smtp/inet/smtpd_command_filter", "pcre:" + machine.queue());
    machine.answering("pcre:" + machine.queue());

    machine.expect(
        0,
        " for smtp/inet: of 'RCPT TO:<a@b.test>' it makes nothing",
        "unless the mail was marked when it first came in");
  }

  @Test
  void aFilterOfOneServiceThatIsMissingRefusesItsMail() {
    machine.override("smtp/inet/smtpd_command_filter", "pcre:/nonexistent/x");

    machine.expect(2, "for smtp/inet: there is no such file", "remove that -o from master.cf");
  }

  @Test
  void aFilterThatCannotBeAskedIsAWarning() {
    machine.main("smtpd_command_filter", "ldap:filter");

    machine.expect(0, "cannot be asked: postmap: fatal: unsupported", "postmap -c ");
  }

  @Test
  void aTableOfAnEarlierVersionIsAWarning() throws IOException {
    Files.writeString(machine.files().resolve("mailjournal_rcpt.regexp"), "# better\n");

    machine.expect(
        0,
        "mailjournal_rcpt.regexp is not the one of this version",
        "enable -c " + machine.configuration());
  }
}
