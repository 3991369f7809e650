package org.mailjournal.relaytest;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class MilterClientTest {
  private static final String CONTENT = "Subject: x\r\nX-Long: a\r\n b\r\n\r\nbody\r\n";

  private static MilterMessage message() {
    return MilterMessage.of("QID1", "<a@x>", CONTENT, "<b@y> NOTIFY=NEVER", "<c@y>");
  }

  @Test
  void postfixHasNoQueueIdAtMailAndTheFirstRecipientAndAbortsBehindTheEnd() throws IOException {
    try (ScriptedMilter milter = ScriptedMilter.start();
        MilterClient client = MilterClient.open(milter.endpoint(), Habit.POSTFIX)) {
      client.define("j", "mta.test");
      client.connection("localhost", MilterClient.Family.INET, "127.0.0.1", 0x12ff);
      client.helo("h");
      assertEquals(Verdict.Word.CONTINUE, message().run(client).verdict().word());
      await().until(() -> milter.letters().endsWith("A"));

      assertEquals(
          List.of(
              "DCj|mta.test|",
              "Clocalhost|4\u0012\u00ff127.0.0.1|",
              "Hh|",
              "M<a@x>|",
              "R<b@y>|NOTIFY=NEVER|",
              "DRi|QID1|",
              "R<c@y>|",
              "DTi|QID1|",
              "T",
              "LSubject|x|",
              "LX-Long|a\n b|",
              "DNi|QID1|",
              "N",
              "Bbody\r\n",
              "DEi|QID1|",
              "E",
              "A"),
          milter.seen());
    }
  }

  @Test
  void sendmailHasTheQueueIdAtMailAndNoAbortBehindTheEnd() throws IOException {
    try (ScriptedMilter milter = ScriptedMilter.start();
        MilterClient client = MilterClient.open(milter.endpoint(), Habit.SENDMAIL)) {
      client.connection("localhost", MilterClient.Family.INET6, "::1", 25);
      message().run(client);
      client.quitNewConnection();
      client.connection("localhost", MilterClient.Family.INET, "127.0.0.1", 26);
      message().run(client);
      client.quit();
      await().until(() -> milter.letters().endsWith("Q"));

      assertEquals("CDMRRTLLNBEKCDMRRTLLNBEQ", milter.letters());
      assertEquals("Clocalhost|6|\u0019IPv6:::1|", milter.seen().get(0));
      assertEquals("DMi|QID1|", milter.seen().get(1));
    }
  }

  @Test
  void anUnknownFamilyEndsWithTheLetter() throws IOException {
    try (ScriptedMilter milter = ScriptedMilter.start();
        MilterClient client = MilterClient.open(milter.endpoint(), Habit.POSTFIX)) {
      client.connection("unknown", MilterClient.Family.UNKNOWN, "unknown", 0);

      assertEquals(List.of("Cunknown|U"), milter.seen());
    }
  }

  @Test
  void rejectedRecipientsAreShownOnlyToThoseWhoAsked() throws IOException {
    try (ScriptedMilter indifferent = ScriptedMilter.start();
        ScriptedMilter curious = ScriptedMilter.negotiating(6, 0, MilterSteps.RCPT_REJ, "")) {
      for (ScriptedMilter milter : List.of(indifferent, curious)) {
        try (MilterClient client = MilterClient.open(milter.endpoint(), Habit.POSTFIX)) {
          client.rejectedRcpt("<b@y>", "5.1.1", "User unknown");
        }
      }
      assertFalse(indifferent.letters().contains("R"));
      assertEquals(
          "DR{rcpt_addr}|User unknown|{rcpt_host}|5.1.1|{rcpt_mailer}|error|",
          curious.seen().get(0));
    }
  }

  @Test
  void macroListsReplaceTheHabit() throws IOException {
    String lists = "\0\0\0\0j {client_addr}\0\0\0\0\5i {msg_id}\0";
    try (ScriptedMilter milter = ScriptedMilter.negotiating(6, 0x100, 0, lists);
        MilterClient client = MilterClient.open(milter.endpoint(), Habit.SENDMAIL)) {
      client.define("j", "mta.test").define("{client_addr}", "192.0.2.1").define("_", "x");
      client.connection("localhost", MilterClient.Family.INET, "192.0.2.1", 25);
      message().run(client);

      assertEquals("DCj|mta.test|{client_addr}|192.0.2.1|", milter.seen().get(0));
      assertTrue(milter.seen().contains("DEi|QID1|"));
    }
  }

  @Test
  void whatIsNotWantedIsNotSentAndWhatIsNotAnsweredIsNotWaitedFor() throws IOException {
    int noHeloNoBody = 1 << 1 | 1 << 4;
    int quietHeadersAndRecipients = 1 << 7 | 1 << 15;
    int steps = noHeloNoBody | quietHeadersAndRecipients;
    try (ScriptedMilter milter = ScriptedMilter.negotiating(6, 0, steps, "");
        MilterClient client = MilterClient.open(milter.endpoint(), Habit.SENDMAIL)) {
      client.helo("h");
      assertEquals(Verdict.Word.CONTINUE, message().run(client).verdict().word());

      assertEquals("DMRRTLLNE", milter.letters());
    }
  }

  @Test
  void skipEndsTheBody() throws IOException {
    try (ScriptedMilter milter = ScriptedMilter.start().on('B', "s");
        MilterClient client = MilterClient.open(milter.endpoint(), Habit.SENDMAIL)) {
      byte[] large = ("A: b\r\n\r\n" + "x".repeat(200_000)).getBytes(StandardCharsets.US_ASCII);
      new MilterMessage("Q", "<a@x>", List.of("<b@y>"), MessageContent.of(large)).run(client);

      assertEquals("DMRTLNBE", milter.letters());
    }
  }

  @Test
  void aReplyOfTheMiltersOwnReachesTheCaller() throws IOException {
    try (ScriptedMilter milter = ScriptedMilter.start().on('E', "y451 4.3.0 not now\0");
        MilterClient client = MilterClient.open(milter.endpoint(), Habit.POSTFIX)) {
      Verdict verdict = message().run(client).verdict();

      assertTrue(verdict.refuses());
      assertEquals("451 4.3.0 not now", verdict.smtpReply());
    }
  }

  @Test
  void progressIsPassedOverAndChangesAreNoted() throws IOException {
    try (ScriptedMilter milter = ScriptedMilter.start().on('E', "p", "hX\0y\0", "p", "a");
        MilterClient client = MilterClient.open(milter.endpoint(), Habit.POSTFIX)) {
      Verdict verdict = message().run(client).verdict();

      assertEquals(Verdict.Word.ACCEPT, verdict.word());
      assertEquals(List.of('h'), verdict.changes());
    }
  }

  @Test
  void aRefusedSenderEndsTheMessageWithAbort() throws IOException {
    try (ScriptedMilter milter = ScriptedMilter.start().on('M', "r");
        MilterClient client = MilterClient.open(milter.endpoint(), Habit.SENDMAIL)) {
      assertEquals(Verdict.Word.REJECT, message().run(client).verdict().word());
      client.quit();
      await().until(() -> milter.letters().endsWith("Q"));

      assertEquals("DMAQ", milter.letters());
    }
  }

  @Test
  void acceptAtARecipientEndsTheQuestionsForThisMessageOnly() throws IOException {
    try (ScriptedMilter milter = ScriptedMilter.start().on('R', "a");
        MilterClient client = MilterClient.open(milter.endpoint(), Habit.SENDMAIL)) {
      message().run(client);
      message().run(client);

      assertEquals("DMRDMR", milter.letters());
    }
  }

  @Test
  void aMilterThatWantsMoreThanOfferedIsLeft() throws IOException {
    try (ScriptedMilter milter = ScriptedMilter.negotiating(7, 0, 0, "")) {
      IOException refused =
          assertThrows(
              IOException.class, () -> MilterClient.open(milter.endpoint(), Habit.POSTFIX));
      assertTrue(refused.getMessage().contains("version 7"));
    }
  }

  @Test
  void aMilterThatHangsUpIsAnError() throws IOException {
    try (ScriptedMilter milter = ScriptedMilter.start();
        MilterClient client = MilterClient.open(milter.endpoint(), Habit.POSTFIX)) {
      client.raw(new byte[] {0, 0, 0, 0});
      assertThrows(EOFException.class, () -> client.helo("h"));
    }
  }

  @Test
  void aMessageIsShownByteForByte() throws IOException {
    try (ScriptedMilter milter = ScriptedMilter.start();
        MilterClient client = MilterClient.open(milter.endpoint(), Habit.POSTFIX)) {
      byte[] content = "X: gr\u00fc\u00df\r\n\r\n\u00ff\r\n".getBytes(StandardCharsets.ISO_8859_1);
      MessageContent latin1 = MessageContent.of(content);
      new MilterMessage("Q", "<a@x>", List.of("<b@y>"), latin1).run(client);

      assertTrue(milter.seen().contains("LX|gr\u00fc\u00df|"));
      assertTrue(milter.seen().contains("B\u00ff\r\n"));
    }
  }

  @Test
  void endpointsAreWrittenAsPostfixAndSendmailWriteThem() {
    assertEquals("/run/m", MilterWire.address("unix:/run/m").toString());
    assertEquals(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 8891),
        MilterWire.address("inet:8891@127.0.0.1"));
    assertEquals(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 8891),
        MilterWire.address("inet:127.0.0.1:8891"));
    assertThrows(IllegalArgumentException.class, () -> MilterWire.address("8891"));
  }
}
