package org.mailjournal.relaytest;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the test MTA shows its milter, and what it makes of its answers. */
class TestMtaMilterTest {
  private static final String MESSAGE = "Message-ID: <1@test>\r\nSubject: x\r\n\r\nbody";

  @TempDir private Path directory;
  private Exchanger mx;
  private TestMta mta;

  @BeforeEach
  void start() {
    mx = Exchanger.start("mx.test");
  }

  @AfterEach
  void stop() {
    mx.close();
    if (mta != null) {
      mta.close();
    }
  }

  private TestMta.Builder builder() {
    return TestMta.builder(directory).route("*", mx.address()).user("sender").user("friend");
  }

  @Test
  void theMilterSeesEverySessionAsPostfixShowsIt() throws IOException {
    try (ScriptedMilter milter = ScriptedMilter.negotiating(6, 0, MilterSteps.RCPT_REJ, "")) {
      mta = builder().milter(milter.endpoint()).start();
      try (RawSmtp client = RawSmtp.greeted(mta.smtp())) {
        client.say("MAIL FROM:<a@x.test> ENVID=e1");
        client.say("RCPT TO:<stranger@local.test>");
        client.say("RCPT TO:<b@one.test>");
        client.say("RCPT TO:<c@one.test> NOTIFY=NEVER");
        client.say("DATA");
        String reply = client.say(MESSAGE + "\r\n.");
        String id = reply.substring(reply.lastIndexOf(' ') + 1);
        client.say("QUIT");
        await().until(() -> milter.letters().endsWith("Q-"));

        assertEquals("DCHDMDRDRDRDTLLDNBDEAQ-", milter.letters());
        assertTrue(milter.seen().contains("M<a@x.test>|ENVID=e1|"));
        assertTrue(milter.seen().contains("R<b@one.test>|NOTIFY=sUCCESS,FAILURE,dELAY|"));
        assertTrue(milter.seen().contains("R<c@one.test>|NOTIFY=sUCCESS|"));
        assertTrue(milter.seen().contains("DEi|" + id + "|"));
        assertFalse(milter.seen().get(7).contains(id));
        assertTrue(milter.seen().get(5).contains("{rcpt_mailer}|error|"));
      }
    }
  }

  @Test
  void theMiltersRefusalReachesTheClientAndNothingIsQueued() throws IOException {
    try (ScriptedMilter milter = ScriptedMilter.start().on('E', "y451 4.3.0 not now\0")) {
      mta = builder().milter(milter.endpoint()).start();
      try (RawSmtp client = RawSmtp.greeted(mta.smtp())) {
        assertEquals("451 4.3.0 not now", client.send("a@x", MESSAGE, "<b@one.test>"));
        assertEquals(List.of(), mta.queue());
        milter.on('E', "c");
        assertTrue(client.send("a@x", MESSAGE, "<b@one.test>").startsWith("250"));
      }
    }
  }

  @Test
  void withoutItsMilterItRefusesForATime() throws IOException {
    ScriptedMilter milter = ScriptedMilter.start();
    milter.close();
    mta = builder().milter(milter.endpoint()).start();
    try (RawSmtp client = RawSmtp.greeted(mta.smtp())) {
      assertTrue(client.say("MAIL FROM:<a@x>").startsWith("451 4.7.1"));
    }
  }

  @Test
  void resetAndDisconnectEndTheMessageAtTheMilter() throws IOException {
    try (ScriptedMilter milter = ScriptedMilter.start()) {
      mta = builder().milter(milter.endpoint()).start();
      try (RawSmtp client = RawSmtp.greeted(mta.smtp())) {
        client.say("MAIL FROM:<a@x>");
        client.say("RSET");
        client.say("MAIL FROM:<a@x>");
      }
      await().until(() -> milter.letters().endsWith("-"));

      assertEquals("DCHDMADMAQ-", milter.letters());
    }
  }

  @Test
  void aMilterThatRefusesTheClientIsLeftWithGoodBye() throws IOException {
    try (ScriptedMilter milter = ScriptedMilter.start().on('C', "r")) {
      mta = builder().milter(milter.endpoint()).start();
      try (RawSmtp client = RawSmtp.greeted(mta.smtp())) {
        assertEquals("550 5.7.1 Command rejected", client.say("MAIL FROM:<a@x>"));
      }
      await().until(() -> milter.letters().equals("DCQ-"));
    }
  }

  @Test
  void theMilterHearsWhoLoggedInWhenThereIsMail() throws IOException {
    try (ScriptedMilter milter = ScriptedMilter.start()) {
      mta = builder().milter(milter.endpoint()).start();
      try (RawSmtp client = RawSmtp.greeted(mta.smtp())) {
        assertEquals("504 5.5.4 Only PLAIN", client.say("AUTH LOGIN"));
        // RFC 4616: NUL alice NUL guess, and then the password
        assertEquals("535 5.7.8 Error: not you", client.say("AUTH PLAIN AGFsaWNlAGd1ZXNz"));
        assertTrue(client.say("AUTH PLAIN AGFsaWNlAGFsaWNl").startsWith("235 2.7.0"));
        assertTrue(client.say("AUTH PLAIN AGFsaWNlAGFsaWNl").startsWith("503 5.5.1"));
        client.say("MAIL FROM:<a@x>");
      }
      await().until(() -> milter.letters().endsWith("-"));
      assertTrue(
          milter.seen().stream()
              .anyMatch(p -> p.startsWith("DM") && p.contains("{auth_authen}|alice|")),
          milter.seen()::toString);
    }
  }
}
