package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What comes between two runs of etc/postfix/enable is somebody else's, or was cut short. */
class EnableAgainTest extends PostfixScripts {
  @Test
  void whatSomebodySetBetweenTwoRunsStays() throws IOException {
    enable();
    postconf("-e", "smtpd_milters=inet:localhost:11332");
    postconf("-P", "qmgr/unix/trace_service_name=mine");
    enable();

    disable();

    assertEquals("inet:localhost:11332", postconf("-h", "smtpd_milters"));
    assertEquals("mine", postconf("-Ph", "qmgr/unix/trace_service_name"));
  }

  /** OpenDKIM usually listens where we usually do. */
  @Test
  void anotherMilterAtOurUsualPlaceIsNotTakenForOurs() throws IOException {
    main("smtpd_milters = inet:127.0.0.1:8891");
    enable();

    enable("--milter", "inet:127.0.0.1:8892");

    assertEquals("inet:127.0.0.1:8891, inet:127.0.0.1:8892", postconf("-h", "smtpd_milters"));
    disable();
    assertEquals("inet:127.0.0.1:8891", postconf("-h", "smtpd_milters"));
  }

  @Test
  void aRunThatNamesNoPlaceKeepsTheOneOfTheLast() throws IOException {
    enable("--milter", "inet:127.0.0.1:28891");

    String said = enable();

    assertTrue(said.startsWith("Nothing to change"), said);
    assertEquals("inet:127.0.0.1:28891", postconf("-h", "smtpd_milters"));
  }

  @Test
  void aRunThatWasKilledBeforeItChangedAnythingLeavesNoTrace() throws IOException {
    main("smtpd_milters = inet:localhost:1,\n    inet:localhost:2");
    Map<String, String> before = everything();
    Path file = dir.resolve("main.cf");
    String untouched = Files.readString(file);
    enable();
    Files.writeString(file, untouched);

    enable();
    disable();

    assertEquals(before, everything());
  }
}
