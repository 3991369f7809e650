package org.mailjournal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Whether Postfix asks the journal's milter, which one it asks last, and what it does without. */
class MilterCheckTest extends PostfixCase {
  @Test
  void aServiceIsToldToKeepItsOwnMiltersBesideOurs() {
    machine.override("smtp/inet/smtpd_milters", "inet:localhost:1, unix:spam");

    machine.expect(
        0,
        "mail that comes in there is not recorded",
        "-P 'smtp/inet/smtpd_milters=inet:localhost:1,unix:spam,inet:127.0.0.1:"
            + machine.port()
            + "'");
  }

  @Test
  void mailOfLocalProgramsThatPassesUsIsAWarning() {
    machine.main("non_smtpd_milters", "");

    machine.expect(0, "non_smtpd_milters is empty", "-e 'non_smtpd_milters = inet:127.0.0.1:");
  }

  @Test
  void acceptingOnFailureCanBeMeant() {
    machine.main("milter_default_action", "accept");
    machine.setting("on-failure = accept");

    assertEquals(0, machine.check(), machine.terminal().out());
  }

  @Test
  void theMiltersOwnActionCountsMoreThanTheGeneralOne() {
    machine.main("milter_default_action", "accept");
    String ours = machine.read("smtpd_milters").replaceFirst(".*, ", "");
    machine.main("smtpd_milters", "{ " + ours + ", default_action=tempfail }");

    assertEquals(0, machine.check(), machine.terminal().out());
  }

  @Test
  void aChrootedSmtpdFindsASocketUnderTheQueueByItsPathFromThere() {
    Path socket = machine.queue().resolve("private/milter");
    machine.listen(socket);
    machine.setting("milter.listen = \"unix:" + socket + "\"");
    machine.main("smtpd_milters", "unix:/private/milter");
    machine.main("non_smtpd_milters", "unix:private/milter");

    assertEquals(0, machine.check(), machine.terminal().out());
  }

  @Test
  void aChrootedSmtpdDoesNotFindASocketElsewhere() {
    Path socket = machine.queue().resolveSibling("milter.sock");
    machine.listen(socket);
    machine.setting("milter.listen = \"unix:" + socket + "\"");
    machine.main("smtpd_milters", "unix:" + socket);
    machine.main("non_smtpd_milters", "unix:" + socket);

    machine.expect(2, "for smtp/inet: this service is chrooted", "under " + machine.queue());
  }

  @Test
  void anSmtpdThatIsNotChrootedFindsItAnywhere() {
    Path socket = machine.queue().resolveSibling("milter.sock");
    machine.listen(socket);
    machine.setting("milter.listen = \"unix:" + socket + "\"");
    machine.main("smtpd_milters", "unix:" + socket);
    machine.main("non_smtpd_milters", "unix:" + socket);
    machine.master("(smtp +inet +n +- +)y(.*)", "$1n$2");

    assertEquals(0, machine.check(), machine.terminal().out());
  }

  @Test
  void aMilterThatOtherMachinesReachIsAWarning() {
    machine.setting("milter.listen = \"inet:" + machine.port() + "@0.0.0.0\"");

    machine.expect(0, "other machines can come to it", "loopback");
  }

  @Test
  void whatAMilterBehindOursRefusesIsInTheJournalAlready() {
    machine.main("smtpd_milters", machine.read("smtpd_milters") + ", unix:dkim, { unix:spam }");

    machine.expect(
        0,
        "milter unix:dkim, unix:spam of smtp/inet comes behind the journal's",
        "put the journal's last");
  }

  @Test
  void soIsWhatItRefusesOfLocalPrograms() {
    machine.main("non_smtpd_milters", machine.read("non_smtpd_milters") + " unix:dkim");

    machine.expect(
        0,
        "milter unix:dkim of non_smtpd_milters comes behind the journal's",
        "put the journal's last");
  }
}
