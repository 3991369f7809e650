package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** etc/postfix/enable on configuration directories as administrators have them. */
class EnableTest extends PostfixScripts {
  @Test
  void setsAllThatTheJournalNeeds() {
    String said = enable("--milter", "inet:[::1]:8000");
    assertEquals("inet:[::1]:8000", postconf("-h", "smtpd_milters"));
    assertEquals("inet:[::1]:8000", postconf("-h", "non_smtpd_milters"));
    assertEquals("dsn", postconf("-h", "smtp_discard_ehlo_keywords"));
    assertEquals("dsn", postconf("-h", "lmtp_discard_lhlo_keywords"));
    assertEquals(
        "regexp:" + dir + "/mailjournal_rcpt.regexp", postconf("-xh", "smtpd_command_filter"));
    for (String task : List.of("trace", "bounce", "defer")) {
      assertEquals("journal-" + task, postconf("-Ph", "qmgr/unix/" + task + "_service_name"));
    }
    assertEquals("", postconf("-n", "trace_service_name"));
    assertTrue(said.contains("main.cf: smtpd_milters: (not set) -> inet:[::1]:8000"), said);
    assertTrue(said.contains("postfix -c " + dir + " reload"), said);
  }

  @Test
  void aSecondRunChangesNothingAndSaysSo() throws IOException {
    enable();
    Map<String, String> once = everything();
    assertEquals("Nothing to change: Mail Journal is enabled in " + dir + ".\n", enable());
    assertEquals(once, everything());
  }

  @Test
  void aDryRunShowsTheSameAndChangesNothing() throws IOException {
    Map<String, String> before = everything();
    String shown = enable("--dry-run");
    assertEquals(before, everything());
    List<String> changes = shown.lines().filter(line -> line.contains("->")).toList();
    assertEquals(changes, enable().lines().filter(line -> line.contains("->")).toList());
    assertEquals(8, changes.size(), shown);
  }

  @Test
  void keepsAnAdministratorsMiltersAndComesLast() throws IOException {
    main("smtpd_milters = inet:localhost:11332, { unix:spam, connect_timeout=5s }");
    main("non_smtpd_milters = $smtpd_milters");
    main("smtp_discard_ehlo_keywords = chunking");
    enable();
    assertEquals(
        "inet:localhost:11332, { unix:spam, connect_timeout=5s }, inet:127.0.0.1:8891",
        postconf("-h", "smtpd_milters"));
    assertEquals("$smtpd_milters", postconf("-h", "non_smtpd_milters"));
    assertEquals("chunking, dsn", postconf("-h", "smtp_discard_ehlo_keywords"));
  }

  @Test
  void anotherMilterAddressReplacesOursOnly() throws IOException {
    main("smtpd_milters = inet:localhost:11332");
    enable();
    enable("--milter", "inet:127.0.0.1:9999");
    assertEquals("inet:localhost:11332, inet:127.0.0.1:9999", postconf("-h", "smtpd_milters"));
  }

  @Test
  void servesTheOldQueueManagerToo() throws IOException {
    Files.writeString(dir.resolve("master.cf"), MASTER.replace("1 qmgr\n#", "1 oqmgr\n#"));
    enable();
    assertEquals("journal-trace", postconf("-Ph", "qmgr/unix/trace_service_name"));
    assertTrue(postconf("-M", "qmgr").contains("oqmgr"));
  }

  @Test
  void refusesWhereDsnIsDiscarded() throws IOException {
    main("words = silent-discard, DSN");
    main("smtpd_discard_ehlo_keywords = $words");
    Map<String, String> before = everything();
    assertTrue(refusal().contains("main.cf: smtpd_discard_ehlo_keywords has dsn"));
    assertTrue(refusal().endsWith("nothing was changed.\n"));
    assertTrue(refusal("--dry-run").contains("Take dsn out of it"));
    assertEquals(before, everything());
  }

  @Test
  void refusesWhereOneServiceOrOneClientHasDsnDiscarded() throws IOException {
    master("submission inet n - y - - smtpd\n  -o smtpd_discard_ehlo_keywords=dsn");
    Files.writeString(dir.resolve("clients"), "# dsn here says nothing\n192.0.2.1 dsn\n");
    main("smtpd_discard_ehlo_keyword_address_maps = cidr:" + dir.resolve("clients"));
    String said = refusal();
    assertTrue(said.contains("submission/inet: smtpd_discard_ehlo_keywords has dsn"), said);
    assertTrue(said.contains("main.cf: smtpd_discard_ehlo_keyword_address_maps has dsn"), said);
  }

  @Test
  void readsTheTablesThatLieInTheConfigurationDirectory() throws IOException {
    master(
        """
        submission inet n - y - - smtpd
          -o smtpd_discard_ehlo_keyword_address_maps=cidr:$config_directory/clients\
        """);
    main("smtpd_discard_ehlo_keyword_address_maps = cidr:${config_directory}/clients");
    Files.writeString(dir.resolve("clients"), "192.0.2.1 chunking\n");
    String said = enable("--dry-run");
    assertFalse(said.contains("cannot be read"), said);
    Files.writeString(dir.resolve("clients"), "192.0.2.1 dsn\n");
    String refused = refusal();
    for (String place : List.of("main.cf", "submission/inet")) {
      assertTrue(
          refused.contains(place + ": smtpd_discard_ehlo_keyword_address_maps has dsn"), refused);
    }
  }

  @Test
  void refusesBesideACommandFilterThatDoesNotMark() throws IOException {
    Files.writeString(dir.resolve("own"), "/^NOOP (.*)/ NOOP\n");
    main("smtpd_command_filter = regexp:$config_directory/own");
    assertTrue(refusal().contains("smtpd_command_filter is already regexp:"));
    Files.writeString(
        dir.resolve("own"),
        Files.readString(Repository.file("etc/postfix/mailjournal_rcpt.regexp")),
        StandardOpenOption.APPEND);
    assertTrue(enable().contains("is kept, it marks as ours does"));
    assertEquals("regexp:$config_directory/own", postconf("-h", "smtpd_command_filter"));
  }

  @Test
  void refusesBeforeAProxyFilterUnlessItIsLeftUnmarked() throws IOException {
    master("10025 inet n - y - - smtpd\n  -o smtpd_proxy_filter=127.0.0.1:10026");
    assertTrue(refusal().contains("10025/inet: smtpd_proxy_filter"));
    postconf("-P", "10025/inet/smtpd_command_filter=");
    enable();
  }

  @Test
  void refusesAMilterPathThatAChrootHides() {
    assertTrue(refusal("--milter", "unix:/run/journal").contains("smtp/inet is chrooted"));
    enable("--milter", "unix:" + postconf("-h", "queue_directory") + "/journal/milter");
    assertEquals("unix:journal/milter", postconf("-h", "smtpd_milters"));
  }

  @Test
  void namesServicesThatWouldNotBeJournaled() throws IOException {
    master(
        """
        submission inet n - y - - smtpd
          -o smtpd_milters=inet:localhost:1
          -o receive_override_options=no_milters,no_address_mappings\
        """);
    main("smtp_discard_ehlo_keyword_address_maps = cidr:/etc/postfix/none");
    String said = enable();
    assertTrue(
        said.contains("'submission/inet/smtpd_milters=inet:localhost:1,inet:127.0.0.1:8891'"),
        said);
    assertTrue(
        said.contains("'submission/inet/receive_override_options=no_address_mappings'"), said);
    assertTrue(said.contains("smtp_discard_ehlo_keyword_address_maps decides instead"), said);
  }

  @Test
  void theCuresThatItPrintsCanBeRunAsTheyStand() throws IOException {
    main("my_filter = inline:{ {NOOP=RSET} }");
    master(
        """
        submission inet n - y - - smtpd
          -o { smtpd_milters = inet:localhost:1 { unix:spam, { connect_timeout = 5s } } }
          -o { receive_override_options = no_milters, no_unknown_recipient_checks }
          -o smtpd_command_filter=$my_filter
        slow unix - - y - - smtp
          -o { smtp_discard_ehlo_keywords = chunking, pipelining }
        mailbox unix - - y - - lmtp
          -o lmtp_discard_lhlo_keywords=\
        """);
    typeWhatItSaid(enable());
    assertEquals(
        "inet:localhost:1,{unix:spam,{connect_timeout=5s}},inet:127.0.0.1:8891",
        postconf("-Ph", "submission/inet/smtpd_milters"));
    assertEquals(
        "no_unknown_recipient_checks", postconf("-Ph", "submission/inet/receive_override_options"));
    assertFalse(postconf("-P").contains("submission/inet/smtpd_command_filter"));
    assertEquals(
        "chunking,pipelining,dsn", postconf("-Ph", "slow/unix/smtp_discard_ehlo_keywords"));
    assertEquals("dsn", postconf("-Ph", "mailbox/unix/lmtp_discard_lhlo_keywords"));
    assertFalse(enable().contains("note: "), "it still asks for something");
  }

  @Test
  void refusesWhatIsNoConfigurationDirectoryAndWrongUsage() throws IOException {
    Files.delete(dir.resolve("master.cf"));
    assertTrue(refusal().contains("it has no master.cf"));
    assertEquals(2, script("enable", "--milter", "127.0.0.1:1").exitCode());
    assertEquals(2, script("enable", "--colour").exitCode());
    assertEquals(2, script("disable", "now").exitCode());
    assertEquals(0, script("enable", "--help").exitCode());
  }

  @Test
  void warnsOfAPostfixThatNobodyTriedYet(@TempDir Path bin) {
    String pretender =
        """
        #!/bin/sh
        [ "$*" != "-dh mail_version" ] || { echo 4.0.1; exit; }
        exec /usr/sbin/postconf "$@"
        """;
    // Were it written here, what another test starts meanwhile might have it open: a busy text.
    String write = "cat >postconf && chmod 755 postconf";
    Command.run(
            pretender.getBytes(StandardCharsets.UTF_8),
            List.of("/bin/sh", "-c", "cd " + bin + " && " + write))
        .orThrow();
    String said =
        Command.run(
                "/usr/bin/env",
                "PATH=" + bin + ":/usr/sbin:/usr/bin:/bin",
                Repository.file("etc/postfix/enable").toString(),
                "-c",
                dir.toString())
            .orThrow()
            .output();
    assertTrue(said.contains("this is Postfix 4.0.1"), said);
    assertFalse(enable().contains("this is Postfix"));
  }
}
