package org.mailjournal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mailjournal.config.Config;
import org.mailjournal.config.ConfigLoader;

/** What the checks tell an administrator to type, typed: the installed postconf has to take it. */
class PostfixCuresTest {
  private static final Path POSTCONF = Path.of("/usr/sbin/postconf");

  @TempDir private Path dir;

  @BeforeEach
  void connected() throws IOException {
    Assumptions.assumeTrue(Files.isExecutable(POSTCONF), "no postconf");
    write(
        "main.cf",
        """
        compatibility_level = 3.6
        smtpd_milters = inet:127.0.0.1:8891
        non_smtpd_milters = $smtpd_milters
        smtpd_command_filter = regexp:/dev/null
        smtp_discard_ehlo_keywords = dsn
        lmtp_discard_lhlo_keywords = dsn
        """);
  }

  /** Old, for Postfix waits before it believes a file that was changed just now. */
  private void write(String name, String text) throws IOException {
    Path file = Files.writeString(dir.resolve(name), text);
    Files.setLastModifiedTime(file, FileTime.fromMillis(0));
  }

  private String own(String name) throws IOException {
    return new PostconfProgram().read(dir, "-Ph", name).strip();
  }

  private List<Finding> findings(Check check) throws IOException {
    Path file = Files.writeString(dir.resolve("journal.conf"), "postfix.queue-directory = \"/q\"");
    Config config = new ConfigLoader().load(file);
    Postconf postfix = Postconf.read(new PostconfProgram(), dir);
    return check.findings(new Check.Subject(config, Optional.of(postfix)));
  }

  private void cure(Check check) throws IOException, InterruptedException {
    List<Finding> findings = findings(check);
    assertEquals(1, findings.size(), findings::toString);
    String cure = findings.get(0).cure();
    type(cure.substring(cure.indexOf("postconf -c ")));
    assertEquals(List.of(), findings(check));
  }

  private static void type(String command) throws IOException, InterruptedException {
    ProcessBuilder shell = new ProcessBuilder("/bin/sh", "-c", command).redirectErrorStream(true);
    shell.environment().put("PATH", POSTCONF.getParent() + ":/usr/bin:/bin");
    Process process = shell.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), () -> command + ": " + said);
  }

  @Test
  void aServiceKeepsItsOwnMiltersAndGetsOursBehindThem() throws Exception {
    write(
        "master.cf",
        """
        587 inet n - n - - smtpd
          -o { smtpd_milters = inet:localhost:1 { unix:spam, { connect_timeout = 5s } } }
        """);

    cure(new PostfixMilterCheck());

    assertEquals(
        "inet:localhost:1,{unix:spam,{connect_timeout=5s}},inet:127.0.0.1:8891",
        own("587/inet/smtpd_milters"));
  }

  @Test
  void aServiceWithoutMiltersGetsOurs() throws Exception {
    write("master.cf", "10026 inet n - n - - smtpd\n  -o smtpd_milters=\n");

    cure(new PostfixMilterCheck());

    assertEquals("inet:127.0.0.1:8891", own("10026/inet/smtpd_milters"));
  }

  @Test
  void aServiceKeepsTheKeywordsThatItDiscards() throws Exception {
    write(
        "master.cf",
        "relay unix - - n - - smtp\n  -o { smtp_discard_ehlo_keywords = chunking, starttls }\n");

    cure(new PostfixDsnCheck());

    assertEquals("chunking,starttls,dsn", own("relay/unix/smtp_discard_ehlo_keywords"));
  }

  @Test
  void aServiceThatRefusesTheMarkKeepsItsOtherKeywords() throws Exception {
    write(
        "master.cf",
        "587 inet n - n - - smtpd\n  -o smtpd_discard_ehlo_keywords=chunking,dsn,starttls\n");

    cure(new PostfixDsnCheck());

    assertEquals("chunking,starttls", own("587/inet/smtpd_discard_ehlo_keywords"));
  }

  @Test
  void theTableThatWeShipMarksAndAnotherDoesNot() throws Exception {
    write("master.cf", "587 inet n - n - - smtpd\n");
    PostfixMarkCheck check = new PostfixMarkCheck(new PostconfProgram());

    assertEquals(1, findings(check).size());
    assertEquals(Finding.Kind.CONFIGURATION, findings(check).get(0).kind());

    Path ours = Path.of("../etc/postfix/mailjournal_rcpt.regexp").toRealPath();
    String settings = Files.readString(dir.resolve("main.cf"));
    write("main.cf", settings.replace("/dev/null", ours.toString()));
    assertEquals(List.of(), findings(check));

    write("main.cf", settings.replace("regexp:/dev/null", "texthash:/nonexistent/x"));
    assertEquals(Finding.Kind.WARNING, findings(check).get(0).kind());
  }
}
