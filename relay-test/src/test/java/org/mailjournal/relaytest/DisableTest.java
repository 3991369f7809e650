package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** etc/postfix/disable takes out what enable put in, and nothing else. */
class DisableTest extends PostfixScripts {
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
}
