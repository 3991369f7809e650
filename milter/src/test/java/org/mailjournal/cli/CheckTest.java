package org.mailjournal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mailjournal.journal.JournalException;

class CheckTest extends PostfixCase {
  private void expect(int code, String problem, String cure) {
    machine.expect(code, problem, cure);
  }

  @Test
  void whereAllIsWellThereIsNoProblem() {
    assertEquals(0, machine.check(), machine.terminal().out());
    assertTrue(machine.terminal().out().startsWith("No problem. Looked at: "));
    assertTrue(machine.terminal().out().contains("Postfix 3.7.11 in "));
  }

  @Test
  void whoeverAnswersWhileTheDaemonIsDownIsAnother() {
    machine
        .terminal()
        .over(
            new FixtureReader()
                .listened(Sample.span("2026-11-01T00:00:00Z", "2026-11-20T06:00:00Z", true)));

    expect(2, "another program answers there", "8891 is often OpenDKIM's");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "smtpd_milters | inet:localhost:1 | smtpd_milters = inet:localhost:1: the journal's milter is not among them | -e 'smtpd_milters = inet:localhost:1, inet:127.0.0.1:",
        "milter_default_action | accept | mail passes unrecorded | on-failure = accept",
        "milter_default_action | reject | refused for good | milter_default_action = tempfail",
        "milter_default_action | quarantine | put on hold | milter_default_action = tempfail",
        "milter_protocol | 2 | milter_protocol = 2 | milter_protocol = 6",
        "milter_connect_macros | {daemon_name} | without {j} | {daemon_name} {j}",
        "milter_end_of_data_macros | j | without {i} | milter_end_of_data_macros = j {i}",
        "smtpd_discard_ehlo_keywords | silent-discard, DSN | refuses all mail | smtpd_discard_ehlo_keywords = silent-discard'",
        "smtp_discard_ehlo_keywords | pipelining | smtp_discard_ehlo_keywords = pipelining | = pipelining, dsn'",
        "lmtp_discard_lhlo_keywords | '' | lmtp_discard_lhlo_keywords is empty | lmtp_discard_lhlo_keywords = dsn'",
        "smtpd_command_filter | '' | smtpd_command_filter is empty | run /usr/share/mailjournal/postfix/enable -c ",
        "smtpd_command_filter | regexp:/nonexistent/x | there is no such file | run /usr/share/mailjournal/postfix/enable -c ",
        "smtpd_discard_ehlo_keyword_address_maps | inline:{127.0.0.1=dsn} | refuses the mail of those clients | take dsn out of it, and: postfix -c ",
        "smtpd_discard_ehlo_keyword_address_maps | inline:{ { ::1 = chunking, DSN } } | refuses the mail of those clients | take dsn out of it",
        "trace_service_name | journal-trace | DANGER | -X trace_service_name",
        "mail_owner | somebody-else | belongs to | somebody-else",
      })
  void aSettingOfMainCfIsNamedWithItsCure(String name, String value, String problem, String cure) {
    machine.main(name, value);

    int code = machine.check();

    String out = machine.terminal().out();
    assertEquals(2, code, out);
    assertTrue(out.contains(problem), () -> "missing: " + problem + "\nin: " + out);
    assertTrue(out.contains(cure), () -> "missing: " + cure + "\nin: " + out);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "qmgr/unix/trace_service_name | trace | trace_service_name for qmgr/unix = trace | -P 'qmgr/unix/trace_service_name=journal-trace'",
        "smtp/unix/trace_service_name | journal-trace | DANGER | -PX 'smtp/unix/trace_service_name'",
        "local/unix/bounce_service_name | journal-bounce | DANGER | -PX 'local/unix/bounce_service_name'",
        "lmtp/unix/defer_service_name | journal-defer | DANGER | -PX 'lmtp/unix/defer_service_name'",
        "smtp/inet/smtpd_discard_ehlo_keyword_address_maps | static:dsn | = static:dsn for smtp/inet | take dsn out of it",
        "smtp/inet/smtpd_discard_ehlo_keywords | dsn | refuses all mail | -P 'smtp/inet/smtpd_discard_ehlo_keywords='",
        "relay/unix/smtp_discard_ehlo_keywords | '' | smtp_discard_ehlo_keywords is empty for relay/unix | =dsn'",
        "relay/unix/smtp_discard_ehlo_keywords | 'chunking, etrn' | = chunking, etrn for relay/unix | =chunking,etrn,dsn'",
        "smtp/inet/milter_default_action | reject | refused for good | smtp/inet/milter_default_action=tempfail",
      })
  void aSettingOfMasterCfIsNamedWithItsCure(
      String name, String value, String problem, String cure) {
    machine.override(name, value);

    expect(2, problem, cure);
  }

  @Test
  void allThatAMacroListLacksIsCuredAtOnce() {
    machine.main("milter_rcpt_macros", "i");

    expect(
        0,
        "without {rcpt_mailer} refused recipients are not seen, without {rcpt_host}",
        "milter_rcpt_macros = i {rcpt_mailer} {rcpt_host} {rcpt_addr}'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"trace", "bounce", "defer"})
  void aQueueManagerThatDoesNotTellUsIsFound(String task) {
    machine.noOverride("qmgr/unix/" + task + "_service_name");

    expect(2, task + "_service_name for qmgr/unix is not set", "=journal-" + task);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "smtpd_milters | '' | mail that comes in there is not recorded",
        "smtpd_command_filter | '' | successes of mail from there are not written down",
        "receive_override_options | no_milters | mail that comes in there is not recorded",
      })
  void aServiceThatMayBeMeantSoIsAWarning(String name, String value, String problem) {
    machine.override("smtp/inet/" + name, value);

    expect(0, problem, "cure");
    assertTrue(machine.terminal().out().contains("warning: "));
    assertTrue(machine.terminal().out().contains("No problem, 1 warning."));
  }

  @Test
  void anUnknownPostfixIsAWarning() {
    machine.main("mail_version", "3.13.0");

    expect(0, "mail_version = 3.13.0", "journal tail");
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.4.29", "3.5.25"})
  void aPostfixThatStandsStillWithoutTheDaemonIsAWarning(String version) {
    machine.main("mail_version", version);

    expect(0, "mail_version = " + version + ": before 3.6", "3.6 or later");
  }

  @Test
  void aPostfixThatGoesOnWithoutTheDaemonIsNone() {
    machine.main("mail_version", "3.6.0");

    assertEquals(0, machine.check(), machine.terminal().out());
    assertTrue(machine.terminal().out().startsWith("No problem. Looked at: "));
  }

  @Test
  void aDaemonThatIsAwayIsFound() {
    machine.setting("milter.listen = \"inet:1@127.0.0.1\"");
    machine.main("smtpd_milters", "inet:127.0.0.1:1");
    machine.main("non_smtpd_milters", "inet:127.0.0.1:1");

    expect(3, "nobody answers there", "systemctl start mail-journal");
  }

  @Test
  void aTapSocketThatIsAwayIsFound() {
    machine.delete("spool/private/journal-trace");

    expect(3, "private/journal-trace: nobody answers there", "systemctl start mail-journal");
  }

  @Test
  void aTapSocketOpenToAllIsFound() {
    machine.mode("spool/private/journal-trace", "rw-rw-rw-");

    expect(2, "every user of this machine may write", "chmod o= ");
  }

  @Test
  void aQueueDirectoryThatIsNoneIsFound() {
    machine.setting("postfix.queue-directory = \"/nonexistent/spool\"");

    machine.check();

    assertTrue(machine.terminal().out().contains("there is no such directory"));
    assertTrue(
        machine.terminal().out().contains("no Postfix was found whose queue_directory this is"));
  }

  @Test
  void authoritiesThatTheRelayCannotReadAreFound() {
    machine.setting("egress.listen = \"inet:1@127.0.0.1\"");
    machine.setting("egress.trust = \"/nonexistent/own.pem\"");

    assertEquals(2, machine.check());
    assertTrue(machine.terminal().out().contains("egress.trust = /nonexistent/own.pem cannot"));
  }

  @Test
  void aDirectoryThatIsNoQueueIsFound() {
    machine.delete("spool/active");

    expect(2, "these are missing in it: active", "postconf -h queue_directory");
  }

  @Test
  void aStoreWithoutADirectoryIsFound() {
    machine.setting("store.url = \"jdbc:sqlite:/nonexistent/journal.db\"");

    expect(3, "there is no directory /nonexistent", "install -d -m 0750 -o ");
  }

  @ParameterizedTest
  @CsvSource({"store, rwxr-xr-x, directory", "store/journal.db, rw-r--r--, file"})
  void aStoreOpenToAllIsFound(String path, String mode, String what) {
    machine.mode(path, mode);

    expect(2, "the journal's " + what + " is open to every user", "chmod o= ");
  }

  @Test
  void aJournalThatCannotBeReadIsNamedWithItsCure() {
    machine
        .terminal()
        .failing(JournalException.permanent("open", "schema 9 is newer than 3", "update", null));

    expect(3, "journal open: schema 9 is newer than 3", "cure: update");
  }

  @Test
  void everyProblemIsNamedInOneRun() {
    machine.main("smtp_discard_ehlo_keywords", "");
    machine.main("milter_default_action", "reject");
    machine.mode("store", "rwxrwxrwx");

    assertEquals(2, machine.check());
    assertTrue(machine.terminal().out().contains("3 problems."), machine.terminal().out());
  }

  @Test
  void withoutTheTapItsSettingsAreNotAsked() {
    machine.main("smtp_discard_ehlo_keywords", "");
    machine.noOverride("qmgr/unix/trace_service_name");
    machine.noSetting("postfix.queue-directory");

    assertEquals(0, machine.check("--postfix-config", machine.configuration().toString()));
  }

  @Test
  void aPostfixThatIsNamedAndHasAnotherQueueIsFound() {
    machine.main("queue_directory", "/var/spool/another");

    assertEquals(2, machine.check("--postfix-config", machine.configuration().toString()));
    assertTrue(
        machine.terminal().out().contains("has another, queue_directory = /var/spool/another"),
        machine.terminal().out());
  }

  @Test
  void aUserWhoDoesNotExistIsNotGivenADirectory() {
    machine.setting("store.url = \"jdbc:sqlite:/nonexistent/journal.db\"");
    machine.noSetting("postfix.queue-directory");

    machine.check();

    assertFalse(machine.terminal().out().contains("-o mailjournal"), machine.terminal().out());
    assertTrue(
        machine.terminal().out().contains("let it belong to the daemon's user"),
        machine.terminal().out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/nonexistent/x | there is no such file | an empty file is enough, or name another",
        "/ | is not a regular file | name one with --config"
      })
  void aConfigurationThatIsNoneIsNotToBeEdited(String file, String problem, String cure) {
    assertEquals(2, machine.check("--config", file));

    String out = machine.terminal().out();
    assertTrue(out.contains("problem: " + file + ": " + problem), out);
    assertTrue(out.contains("cure: " + cure), out);
  }

  @Test
  void aPostfixThatCannotBeAskedIsFound() {
    assertEquals(2, machine.check("--postfix-config", "/nonexistent"));
    assertTrue(machine.terminal().out().contains("cannot be read: no such Postfix"));
  }
}
