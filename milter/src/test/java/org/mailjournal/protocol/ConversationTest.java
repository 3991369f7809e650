package org.mailjournal.protocol;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConversationTest {
  private final Witness witness = new Witness();
  private MilterServer server;

  @TempDir private Path directory;

  private Endpoint start(Endpoint at) {
    server = new MilterServer(MilterServer.Settings.of(at, 100, Duration.ofSeconds(60)), witness);
    return server.start();
  }

  private Endpoint start() {
    return start(new Endpoint.Inet("127.0.0.1", 0));
  }

  @AfterEach
  void close() {
    server.close();
  }

  private void awaitHeard(String... lines) {
    await().untilAsserted(() -> assertEquals(List.of(lines), witness.heard()));
  }

  @ParameterizedTest
  @CsvSource({"inet, false", "inet, true", "unix, false", "unix, true"})
  void aWholeSessionOfPostfixIsHeardInOrder(String kind, boolean byteByByte) {
    Endpoint at =
        kind.equals("unix") ? start(Endpoint.Unix.of(directory.resolve("milter"))) : start();
    try (MilterClient mta = MilterClient.connect(at, byteByByte)) {
      mta.negotiate(6, MilterClient.ALL_ACTIONS, MilterClient.ALL_STEPS);
      mta.macros('C', "j", "mail.test", "{daemon_name}", "mail.test")
          .connectFrom("client.test", '4', 2525, "192.0.2.1")
          .send('H', "client.test\0")
          .send('M', "<a@b.test>\0SIZE=100\0")
          .send('R', "<c@d.test>\0")
          .macros('T', "i", "4A1")
          .send('T', "")
          .send('L', "Subject\0 x\0")
          .send('N', "")
          .send('B', "body\r\n")
          .macros('E', "i", "4A1")
          .send('E', "");
      assertEquals('c', mta.read().letter());
      mta.send('A', "").send('Q', "");
      assertTrue(mta.isClosedByServer());
    }
    awaitHeard(
        "open",
        "connect client.test 192.0.2.1",
        "helo client.test",
        "mail <a@b.test> SIZE=100",
        "rcpt <c@d.test>",
        "data i=4A1",
        "header Subject: x",
        "eoh",
        "body 6",
        "eom i=4A1",
        "closed");
  }

  @Test
  void anMtaOfVersion2GetsAReplyToEveryCommandAndItsHeaderValuesTheirSpace() {
    try (MilterClient mta = MilterClient.connect(start())) {
      assertEquals(2, mta.negotiate(2, 0x3f, 0x7f).number(0));
      assertEquals('c', mta.connectFrom("h", '4', 1, "192.0.2.1").read().letter());
      assertEquals('c', mta.send('H', "h\0").read().letter());
      assertEquals('c', mta.send('M', "<a@b>\0").read().letter());
      assertEquals('c', mta.send('R', "<c@d>\0").read().letter());
      assertEquals('c', mta.send('L', "Subject\0x\0").read().letter());
      assertEquals('c', mta.send('N', "").read().letter());
      assertEquals('c', mta.send('B', "b").read().letter());
      assertEquals('c', mta.send('E', "tail").read().letter());
    }
    assertTrue(witness.heard().contains("header Subject: x"));
    assertTrue(witness.heard().contains("body 4"));
  }

  @Test
  void aQueueIdNeverLeaksIntoTheNextMessage() {
    try (MilterClient mta = MilterClient.negotiated(start())) {
      mta.macros('M', "i", "FIRST").send('M', "<a@b>\0").macros('E', "{i}", "FIRST").send('E', "");
      mta.read();
      mta.send('M', "<second@b>\0").send('R', "<c@d>\0").send('E', "");
      mta.read();
      mta.macros('M', "i", "THIRD").send('M', "<third@b>\0").send('A', "");
      mta.send('M', "<fourth@b>\0").send('E', "");
      mta.read();
      mta.macros('M', "i", "FIFTH").send('M', "<fifth@b>\0").send('K', "");
      mta.send('M', "<sixth@b>\0").send('E', "");
      mta.read();
    }
    awaitHeard(
        "open",
        "mail <a@b> i=FIRST",
        "eom i=FIRST",
        "mail <second@b>",
        "rcpt <c@d>",
        "eom",
        "mail <third@b> i=THIRD",
        "abort",
        "mail <fourth@b>",
        "eom",
        "mail <fifth@b> i=FIFTH",
        "abort",
        "closed",
        "open",
        "mail <sixth@b>",
        "eom",
        "closed");
  }

  @Test
  void aRecipientsMacrosAreNotTheNextOnes() {
    try (MilterClient mta = MilterClient.negotiated(start())) {
      mta.send('M', "<a@b>\0")
          .macros('R', "i", "ONE")
          .send('R', "<c@d>\0")
          .send('R', "<e@f>\0")
          .send('A', "");
      awaitHeard("open", "mail <a@b>", "rcpt <c@d> i=ONE", "rcpt <e@f>", "abort");
    }
  }

  @Test
  void whatWasAnnouncedForAMailThatNeverCameIsForgotten() {
    try (MilterClient mta = MilterClient.negotiated(start())) {
      mta.macros('M', "i", "NEVER").send('A', "").send('M', "<a@b>\0");
      mta.macros('E', "i", "ONE").send('E', "");
      mta.read();
      mta.send('H', "h\0");
      awaitHeard("open", "mail <a@b>", "eom i=ONE", "helo h");
    }
  }

  @Test
  void theAbortThatPostfixSendsBehindEveryEndOfMessageIsNone() {
    try (MilterClient mta = MilterClient.negotiated(start())) {
      mta.send('M', "<a@b>\0").send('E', "");
      mta.read();
      mta.send('A', "").send('M', "<c@d>\0").send('E', "");
      mta.read();
    }
    awaitHeard("open", "mail <a@b>", "eom", "mail <c@d>", "eom", "closed");
  }

  @ParameterizedTest
  @CsvSource({"Q", "A", "K", "disconnect", "M"})
  void whateverEndsAnOpenMessageAbortsItOnce(String how) {
    try (MilterClient mta = MilterClient.negotiated(start())) {
      mta.send('M', "<a@b>\0").send('R', "<c@d>\0").send('L', "A\0b\0");
      await().until(() -> witness.count("header") == 1);
      if (how.equals("M")) {
        mta.send('A', "").send('M', "<again@b>\0").send('M', "<and-again@b>\0").send('A', "");
      } else if (how.length() == 1) {
        mta.send(how.charAt(0), "");
      }
    }
    await().until(() -> witness.count("closed") == witness.count("open"));
    assertEquals(witness.count("mail"), witness.count("abort"));
    assertEquals(0, witness.count("eom"));
  }

  @Test
  void aNewMailWithoutAbortGivesTheOldOneUp() {
    try (MilterClient mta = MilterClient.negotiated(start())) {
      mta.send('M', "<a@b>\0").send('M', "<c@d>\0").send('E', "");
      mta.read();
    }
    awaitHeard("open", "mail <a@b>", "abort", "mail <c@d>", "eom", "closed");
  }

  @Test
  void aHeloInTheMiddleOfAMessageIsFollowedByItsAbort() {
    try (MilterClient mta = MilterClient.negotiated(start())) {
      mta.send('M', "<a@b>\0").send('H', "again\0").send('A', "").send('M', "<c@d>\0");
      awaitHeard("open", "mail <a@b>", "helo again", "abort", "mail <c@d>");
    }
  }

  @Test
  void nothingIsHeardBehindAQuit() {
    try (MilterClient mta = MilterClient.negotiated(start())) {
      byte[] quit = MilterClient.packet('Q', new byte[0]);
      byte[] mail = MilterClient.packet('M', MilterClient.octets("<a@b>\0"));
      byte[] both = new byte[quit.length + mail.length];
      System.arraycopy(quit, 0, both, 0, quit.length);
      System.arraycopy(mail, 0, both, quit.length, mail.length);
      mta.raw(both);
      assertTrue(mta.isClosedByServer());
    }
    awaitHeard("open", "closed");
  }

  @Test
  void latin1OctetsComeThroughUnchanged() {
    try (MilterClient mta = MilterClient.negotiated(start())) {
      mta.send('M', "<j\u00fcrgen@b>\0").send('L', "Subject\0 Gr\u00fc\u00dfe\0").send('E', "");
      mta.read();
    }
    assertTrue(witness.heard().contains("mail <j\u00fcrgen@b>"));
    assertTrue(witness.heard().contains("header Subject: Gr\u00fc\u00dfe"));
  }

  @Test
  void aMailWithoutItsLastNulIsReadAllTheSame() {
    try (MilterClient mta = MilterClient.negotiated(start())) {
      mta.send('M', "<a@b>").send('R', "<c@d>\0NOTIFY=NEVER").send('A', "");
      awaitHeard("open", "mail <a@b>", "rcpt <c@d> NOTIFY=NEVER", "abort");
    }
  }
}
