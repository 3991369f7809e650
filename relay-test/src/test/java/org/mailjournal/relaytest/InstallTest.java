package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InstallTest {
  @TempDir private Path root;

  @Test
  void theInstalledCommandRuns() {
    install();

    Command.Result version =
        Command.run(root.resolve("usr/bin/journal").toString(), "version").orThrow();

    assertTrue(version.output().startsWith("Mail Journal "), version::output);
  }

  @Test
  void wordsThatAreNotAsciiAreUnderstoodInTheCLocaleToo() {
    install();

    // By the shell: what this Java makes of them is for the locale of the tests to say.
    String typed = "LC_ALL=C exec \"$0\" find --status \"$(printf 'j\\303\\266rg')\"";
    Command.Result refused =
        Command.run("sh", "-c", typed, root.resolve("usr/bin/journal").toString());

    assertEquals(2, refused.exitCode());
    assertTrue(refused.output().contains("got 'j\u00f6rg'"), refused::output);
  }

  @Test
  void aConfigurationThatIsThereStays() throws IOException {
    Path configuration = root.resolve("etc/mailjournal/journal.conf");
    Files.createDirectories(configuration.getParent());
    Files.writeString(configuration, "on-failure = accept\n");

    install();

    assertEquals("on-failure = accept\n", Files.readString(configuration));
  }

  @Test
  void theScriptsForPostfixComeAlong() {
    install();

    Path enable = root.resolve("usr/share/mailjournal/postfix/enable");
    assertTrue(Files.isExecutable(enable));
    assertTrue(Files.exists(enable.resolveSibling("mailjournal_rcpt.regexp")));
  }

  @Test
  void whatSendmailNeedsComesAlong() {
    install();

    Path sendmail = root.resolve("usr/share/mailjournal/sendmail");
    assertTrue(Files.exists(sendmail.resolve("feature/mailjournal.m4")));
    assertTrue(Files.exists(sendmail.resolve("README.md")));
  }

  @Test
  void aUnitThatSomebodyHasInEtcStays() throws IOException {
    Path unit = root.resolve("etc/systemd/system/mail-journal.service");
    Files.createDirectories(unit.getParent());
    Files.writeString(unit, "# mine\n");

    Command.Result said = install();

    assertEquals("# mine\n", Files.readString(unit));
    assertTrue(said.output().contains(unit + " stays"), said::output);
    assertTrue(Files.exists(root.resolve("usr/lib/systemd/system/mail-journal.service")));
  }

  private Command.Result install() {
    return Command.run(Repository.file("etc/install").toString(), "--root", root.toString())
        .orThrow();
  }
}
