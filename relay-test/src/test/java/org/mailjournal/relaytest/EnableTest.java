package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** etc/postfix/enable and disable on configuration directories as administrators have them. */
@Execution(ExecutionMode.CONCURRENT)
class EnableTest {
  private static final String MASTER =
      """
      # A comment that stays.
      smtp       inet  n - y - - smtpd
      #submission inet n - y - - smtpd
      qmgr       unix  n - n 300 1 qmgr
      #qmgr      unix  n - n 300 1 oqmgr
      cleanup    unix  n - y - 0 cleanup
      smtp       unix  - - y - - smtp
      relay      unix  - - y - - smtp
              -o syslog_name=postfix/$service_name
      """;

  @TempDir private Path dir;

  @BeforeEach
  void anOrdinaryConfiguration() throws IOException {
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/sbin/postconf")), "no postconf");
    Files.writeString(
        dir.resolve("main.cf"), "compatibility_level = 3.6\n# mine\nmyhostname = mx.test\n");
    Files.writeString(dir.resolve("master.cf"), MASTER);
  }

  private Command.Result script(String name, String... arguments) {
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(Repository.file("etc/postfix/" + name).toString(), "-c", dir.toString()));
    command.addAll(List.of(arguments));
    return Command.run(new byte[0], command);
  }

  private String enable(String... arguments) {
    return script("enable", arguments).orThrow().output();
  }

  private String disable() {
    return script("disable").orThrow().output();
  }

  private String refusal(String... arguments) {
    Command.Result result = script("enable", arguments);
    assertEquals(1, result.exitCode(), result.output());
    return result.output();
  }

  private String postconf(String... arguments) {
    PostfixFiles.makeOld(dir);
    List<String> command = new ArrayList<>(List.of("/usr/sbin/postconf", "-c", dir.toString()));
    command.addAll(List.of(arguments));
    return Command.run(new byte[0], command).orThrow().output().strip();
  }

  private void main(String line) throws IOException {
    Files.writeString(dir.resolve("main.cf"), line + "\n", StandardOpenOption.APPEND);
  }

  private void master(String lines) throws IOException {
    Files.writeString(dir.resolve("master.cf"), lines + "\n", StandardOpenOption.APPEND);
  }

  private Map<String, String> everything() throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(dir)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        files.put(
            dir.relativize(path).toString(),
            PosixFilePermissions.toString(Files.getPosixFilePermissions(path))
                + Files.getOwner(path)
                + Files.readString(path));
      }
    }
    return files;
  }

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
  void disableRestoresEveryByteAndMode() throws IOException {
    Files.setPosixFilePermissions(
        dir.resolve("main.cf"), PosixFilePermissions.fromString("rw-r-----"));
    main("smtpd_milters = inet:localhost:1,\n    inet:localhost:2");
    Map<String, String> before = everything();
    enable();
    assertEquals(
        "rw-r-----",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve("main.cf"))));
    enable("--milter", "inet:127.0.0.1:9999");
    assertTrue(disable().contains("main.cf: restored byte by byte"));
    assertEquals(before, everything());
    assertTrue(disable().contains("Nothing to do"));
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
  void afterSomebodyElsesChangesOnlyOursAreUndone() throws IOException {
    main("smtpd_milters = inet:localhost:1");
    master("other unix - - n - - smtp");
    enable();
    postconf("-e", "smtpd_milters=inet:localhost:1, inet:127.0.0.1:8891, inet:localhost:3");
    postconf("-e", "relayhost=[up.test]");
    postconf("-M", "late/unix=late unix - - n - - smtp");
    String said = disable();
    assertTrue(said.contains("changed by somebody else"), said);
    assertEquals("inet:localhost:1, inet:localhost:3", postconf("-h", "smtpd_milters"));
    assertEquals("[up.test]", postconf("-h", "relayhost"));
    for (String name :
        List.of("non_smtpd_milters", "smtpd_command_filter", "smtp_discard_ehlo_keywords")) {
      assertEquals("", postconf("-n", name));
    }
    assertFalse(postconf("-P").contains("journal-"));
    assertTrue(postconf("-M").contains("late"));
    assertFalse(Files.exists(dir.resolve("mailjournal.saved")));
    assertFalse(Files.exists(dir.resolve("mailjournal_rcpt.regexp")));
  }

  @Test
  void theTableStaysWhileItIsNamedAndWhatNamesItIsTold() throws IOException {
    enable();
    postconf("-e", "smtpd_command_filter=regexp:" + dir + "/mailjournal_rcpt.regexp");
    master(
        """
        submission inet n - y - - smtpd
          -o smtpd_command_filter=regexp:${config_directory}/mailjournal_rcpt.regexp
          -o smtpd_milters=inet:localhost:1,inet:127.0.0.1:8891,inet:localhost:3
        10026 inet n - y - - smtpd
          -o smtpd_milters={inet:127.0.0.1:8891,connect_timeout=5s}\
        """);
    String said = disable();
    Path table = dir.resolve("mailjournal_rcpt.regexp");
    assertTrue(said.contains(table + ": left, for it is still named here"), said);
    assertTrue(Files.exists(table));
    typeWhatItSaid(said);
    assertFalse(postconf("-n").contains("mailjournal"), postconf("-n"));
    assertEquals(
        """
        submission/inet/smtpd_milters = inet:localhost:1,inet:localhost:3
        10026/inet/smtpd_milters =\
        """,
        postconf("-P").replaceFirst(".*syslog_name.*\n", ""));
  }

  @Test
  void aMilterThatMainCfNamedBeforehandIsToldToo() throws IOException {
    main("smtpd_milters = inet:localhost:1, inet:127.0.0.1:8891");
    enable();
    typeWhatItSaid(disable());
    assertEquals("inet:localhost:1", postconf("-h", "smtpd_milters"));
  }

  @Test
  void qmgrSettingsOfAnAdministratorComeBack() throws IOException {
    postconf("-P", "qmgr/unix/trace_service_name=mine");
    enable();
    postconf("-M", "late/unix=late unix - - n - - smtp");
    disable();
    assertEquals("mine", postconf("-Ph", "qmgr/unix/trace_service_name"));
    assertFalse(postconf("-P").contains("journal-"));
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

  /** As an administrator who copies each command that he was told. */
  private void typeWhatItSaid(String said) {
    List<String> commands =
        said.lines()
            .filter(line -> line.contains("postconf -c "))
            .map(line -> line.substring(line.indexOf("postconf -c ")))
            .toList();
    assertFalse(commands.isEmpty(), said);
    PostfixFiles.makeOld(dir);
    for (String command : commands) {
      Command.run("/bin/sh", "-c", "PATH=/usr/sbin:/usr/bin:/bin; " + command).orThrow();
    }
    PostfixFiles.makeOld(dir);
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
  void warnsOfAPostfixThatNobodyTriedYet(@TempDir Path bin) throws IOException {
    Path pretender = bin.resolve("postconf");
    Files.writeString(
        pretender,
        """
        #!/bin/sh
        [ "$*" != "-dh mail_version" ] || { echo 4.0.1; exit; }
        exec /usr/sbin/postconf "$@"
        """);
    Files.setPosixFilePermissions(pretender, PosixFilePermissions.fromString("rwxr-xr-x"));
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
