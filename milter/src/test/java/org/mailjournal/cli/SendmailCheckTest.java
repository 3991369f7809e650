package org.mailjournal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mailjournal.config.ConfigLoader;

class SendmailCheckTest {
  private static final String CF =
      """
      O HostStatusDirectory=/var/lib/sendmail/host_status
      #O SingleThreadDelivery=False
      O Timeout.hoststatus=0s
      O InputMailFilters=other, mailjournal
      Xmailjournal, S=inet:8891@127.0.0.1, F=T, T=C:10s;S:30s;R:30s;E:5m
      Mlocal,		P=/usr/bin/procmail, F=lsDFMAw5,
      		A=procmail -Y -a $h -d $u
      Mesmtp,		P=[IPC], F=mDFMuXaW0, L=990,
      		T=DNS/RFC822/SMTP,
      		A=TCP [127.0.0.1] 2526
      """;

  @TempDir private Path directory;

  private List<Finding> check(String cf, String configuration) throws IOException {
    Path file = Files.writeString(directory.resolve("sendmail.cf"), cf);
    Path conf = Files.writeString(directory.resolve("journal.conf"), configuration);
    return SendmailCheck.findings(new ConfigLoader().load(conf), file);
  }

  private void expect(String problem, String cf) throws IOException {
    List<Finding> findings = check(cf, "egress.listen = \"inet:2526@127.0.0.1\"");
    assertEquals(1, findings.size(), findings::toString);
    assertTrue(findings.get(0).problem().contains(problem), findings::toString);
  }

  @Test
  void whatTheFeatureMakesIsSound() throws IOException {
    assertEquals(List.of(), check(CF, "egress.listen = \"inet:2526@127.0.0.1\""));
  }

  @Test
  void aFilterThatIsNotUsedIsFound() throws IOException {
    expect("no input filter", CF.replace(", mailjournal\n", "\n"));
  }

  @Test
  void aFilterElsewhereIsFound() throws IOException {
    expect("no input filter", CF.replace("8891", "8892"));
  }

  @Test
  void aFilterWithoutTempfailIsFound() throws IOException {
    expect("has no F=T", CF.replace(" F=T,", ""));
  }

  @Test
  void whatAFilterBehindOursRefusesIsInTheJournalAlready() throws IOException {
    expect(
        "filter dkim, spam comes behind the journal's",
        CF.replace(", mailjournal\n", ", mailjournal, dkim, spam\n"));
  }

  @Test
  void aMailerThatGoesOutDirectlyIsFound() throws IOException {
    expect("mailer esmtp has A=TCP $h", CF.replace("[127.0.0.1] 2526", "$h"));
  }

  @Test
  void mailHeldUpForAllBecauseOfOneDestinationIsFound() throws IOException {
    expect("Timeout.hoststatus is 30m", CF.replace("O Timeout.host", "#O Timeout.host"));
    expect("Timeout.hoststatus is 10m", CF.replace("hoststatus=0s", "hoststatus=10m"));
  }

  /** In a queue run it needs no directory to keep it in mind. */
  @Test
  void mailHeldUpInAQueueRunIsFound() throws IOException {
    expect(
        "Timeout.hoststatus is 30m",
        CF.replace("O Timeout.host", "#O Timeout.host").replace("O HostStatus", "#O HostStatus"));
  }

  @Test
  void aMailerThatLooksIntoNotesThatOthersWriteIsFound() throws IOException {
    String cf = CF.replace("mDFMuXaW0", "mDFMuXa0");

    expect("mailer esmtp has no W", cf);
    assertEquals(
        List.of(),
        check(
            cf.replace("O HostStatus", "#O HostStatus"),
            "egress.listen = \"inet:2526@127.0.0.1\""));
  }

  /** With local_lmtp its note is of the same host. */
  @Test
  void aLocalMailerThroughTheRelayIsLookedAtAsWell() throws IOException {
    expect(
        "mailer local has no W", CF + "Mlocal,\t\tP=[IPC], F=PSXmnz90, A=TCP [127.0.0.1] 2526\n");
  }

  @Test
  void aMailerWhoseExchangersSendmailLooksUpItselfIsFound() throws IOException {
    expect("mailer esmtp has no 0", CF.replace("mDFMuXaW0", "mDFMuXaW"));
  }

  @Test
  void deliveriesThatWaitForEachOtherAreFound() throws IOException {
    expect(
        "SingleThreadDelivery is set",
        CF.replace("#O SingleThreadDelivery=False", "O SingleThreadDelivery=True"));
  }

  @Test
  void aHostThatTakesMailPastTheRelayIsFound() throws IOException {
    expect(
        "FallbackSmartHost is hub.example.org",
        CF.replace("O HostStatus", "O FallbackSmartHost=hub.example.org\nO HostStatus"));
  }

  /** What is delivered past us has hosts of its own, and another finding. */
  @Test
  void notesOfOthersThanTheRelayAreSendmailsOwnAffair() throws IOException {
    expect(
        "mailer esmtp has A=TCP $h",
        CF.replace("[127.0.0.1] 2526", "$h").replace("hoststatus=0s", "hoststatus=30m"));
  }

  @Test
  void aRelayThatIsNotConfiguredIsFound() throws IOException {
    List<Finding> findings = check(CF, "");

    assertEquals(1, findings.size());
    assertTrue(findings.get(0).problem().contains("egress.listen is not set"));
  }

  @Test
  void aFileThatIsNotThereIsNotAMatterOfRights() throws IOException {
    Path conf = Files.writeString(directory.resolve("journal.conf"), "");
    List<Finding> findings =
        SendmailCheck.findings(new ConfigLoader().load(conf), directory.resolve("none.cf"));

    assertEquals(1, findings.size(), findings::toString);
    assertTrue(findings.get(0).problem().endsWith(": there is no such file"), findings::toString);
    assertFalse(findings.get(0).cure().contains("root"), findings::toString);
  }
}
