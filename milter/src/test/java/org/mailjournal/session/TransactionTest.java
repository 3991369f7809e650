package org.mailjournal.session;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Asked;
import org.mailjournal.journal.Client;
import org.mailjournal.journal.EnhancedStatus;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageId;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.QueueId;
import org.mailjournal.journal.Source;
import org.mailjournal.protocol.MilterClient;

@Timeout(120)
class TransactionTest {
  private final Milter milter = new Milter();

  @AfterEach
  void close() {
    milter.close();
  }

  private Event.Received received() {
    return milter.recorder().received();
  }

  @Test
  void postfixHabits() {
    try (MilterClient postfix = milter.postfix()) {
      postfix
          .macros('M', "{auth_authen}", "alice", "{mail_addr}", "alice@example.org")
          .send('M', "<alice@example.org>\0SIZE=99\0")
          .macros('R', "{rcpt_mailer}", "smtp", "{rcpt_host}", "b.test", "{rcpt_addr}", "x@b.test")
          .send('R', "<x@b.test>\0NOTIFY=sUCCESS,FAILURE,dELAY\0")
          .macros(
              'R',
              "{rcpt_mailer}",
              "error",
              "{rcpt_host}",
              "5.7.1",
              "{rcpt_addr}",
              "<no@c.test>: Relay access denied")
          .send('R', "<no@c.test>\0NOTIFY=sUCCESS,FAILURE,dELAY\0")
          .macros(
              'R',
              "{rcpt_mailer}",
              "error",
              "{rcpt_host}",
              "5.1.1 User unknown in virtual alias table",
              "{rcpt_addr}",
              "info@virtual.test")
          .send('R', "<info@virtual.test>\0NOTIFY=sUCCESS,FAILURE\0ORCPT=rfc822;i@v.test\0")
          .macros('T', "i", "51E02514002")
          .send('T', "")
          .send(
              'L',
              "Received\0 from a (a [192.0.2.9])\n\tby relay (Postfix) with ESMTP id OLD1\n\tfor <x@b.test>; Tue, 24 Nov 2026 05:00:00 +0000\0")
          .send('L', "MESSAGE-ID\0 <4B618D6A.2070804@example.org>\0")
          .send('L', "Message-Id\0 <second@example.org>\0")
          .send('N', "")
          .send('B', "hello\r\n")
          .macros('E', "i", "51E02514002")
          .send('E', "");
      assertEquals('c', postfix.read().letter());
    }
    Event.Received event = received();
    assertEquals(
        new MessageKey("mail.example.org", new QueueId("51E02514002"), Milter.NOW),
        event.message());
    assertEquals(Milter.NOW, event.at());
    assertEquals(Source.MILTER, event.source());
    assertEquals(new Address("alice@example.org"), event.sender());
    assertEquals(Optional.of("alice"), event.authenticatedAs());
    assertEquals(Optional.of(new MessageId("4B618D6A.2070804@example.org")), event.messageId());
    assertEquals(List.of(new QueueId("OLD1")), event.trail());
    assertEquals(
        new Client(
            Optional.of("unknown"),
            Optional.of("192.0.2.7"),
            Optional.of("client.example.com"),
            Optional.empty()),
        event.client());
    assertEquals(
        List.of(
            new Event.Accepted(
                new Address("x@b.test"),
                Asked.DEFAULT,
                Optional.empty(),
                Optional.of("smtp"),
                true),
            new Event.Accepted(
                new Address("info@virtual.test"),
                Asked.of(Set.of(Asked.Notice.FAILURE, Asked.Notice.SUCCESS)),
                Optional.of("rfc822;i@v.test"),
                Optional.of("error"),
                true)),
        event.accepted());
    assertEquals(
        List.of(
            new Event.Rejected(
                new Address("no@c.test"),
                Optional.of(new EnhancedStatus(5, 7, 1)),
                "<no@c.test>: Relay access denied")),
        event.rejected());
  }

  @Test
  void sendmailHabits() {
    try (MilterClient sendmail = milter.sendmail()) {
      sendmail
          .macros('M', "i", "6AO7TXQK016468", "{auth_authen}", "")
          .send('M', "<>\0SIZE=99\0")
          .macros(
              'R',
              "i",
              "6AO7TXQK016468",
              "{rcpt_mailer}",
              "local",
              "{rcpt_host}",
              "",
              "{rcpt_addr}",
              "joe")
          .send('R', "<joe@here.test>\0NOTIFY=success,FAILURE\0")
          .macros(
              'R',
              "{rcpt_mailer}",
              "error",
              "{rcpt_host}",
              "5.1.1",
              "{rcpt_addr}",
              "550 5.1.1 User unknown")
          .send('R', "<nobody@here.test>\0")
          .send('L', "Message-ID\0\n <folded@example.org>\0")
          .send('N', "")
          .macros('E', "i", "6AO7TXQK016468", "{msg_id}", "<folded@example.org>")
          .send('E', "a body in the last packet\r\n");
      assertEquals('c', sendmail.read().letter());
    }
    assertEquals(
        List.of("joe@here.test"),
        milter.recorder().events().stream()
            .filter(Event.Unreported.class::isInstance)
            .map(Event.Unreported.class::cast)
            .map(unreported -> unreported.recipient().address().text())
            .toList());
    Event.Received event = received();
    assertEquals(new QueueId("6AO7TXQK016468"), event.message().queueId());
    assertEquals(Address.NULL, event.sender());
    assertEquals(Optional.empty(), event.authenticatedAs());
    assertEquals(Optional.of(new MessageId("folded@example.org")), event.messageId());
    assertEquals(
        new Client(
            Optional.of("c.example.com"),
            Optional.of("2001:db8::7"),
            Optional.of("c.example.com"),
            Optional.of("TLSv1.3 TLS_AES_256_GCM_SHA384")),
        event.client());
    Event.Accepted accepted = event.accepted().get(0);
    assertEquals(Optional.of("local"), accepted.mailer());
    assertEquals("success,failure", accepted.asked().toString());
    assertFalse(accepted.marked());
    assertEquals("550 5.1.1 User unknown", event.rejected().get(0).text());
  }

  @Test
  void anAcceptedRecipientWhoseAddressPostfixRewroteIsNotTakenForARejectedOne() {
    try (MilterClient postfix = milter.postfix()) {
      postfix
          .send('M', "<a@b.test>\0")
          .macros(
              'R',
              "{rcpt_mailer}",
              "error",
              "{rcpt_host}",
              "5.1.1 User unknown",
              "{rcpt_addr}",
              "info@virtual.test")
          .send('R', "<info>\0")
          .macros('R', "{rcpt_mailer}", "error", "{rcpt_host}", "odd", "{rcpt_addr}", "c@d.test")
          .send('R', "<c@D.TEST>\0")
          .macros('E', "i", "51E02514002")
          .send('E', "");
      postfix.read();
    }
    assertEquals(2, received().accepted().size());
    assertEquals(0, received().rejected().size());
  }

  @Test
  void theSizeIsThatOfTheMessageOnTheWire() {
    String header = "Subject: a\r\n\tfolded one\r\nX: 1\r\n\r\n";
    try (MilterClient postfix = milter.postfix()) {
      postfix
          .send('M', "<a@b.test>\0")
          .send('R', "<c@d.test>\0")
          .send('L', "Subject\0 a\n\tfolded one\0")
          .send('L', "X\0 1\0")
          .send('N', "")
          .send('B', "12345\r\n")
          .macros('E', "i", "51E02514002")
          .send('E', "6\r\n");
      postfix.read();
    }
    assertEquals(header.length() + 10, received().size());
  }

  @Test
  void octetsThatAreNotUtf8AreKeptAsLatin1AndThoseThatAreAsTheirCharacters() {
    try (MilterClient postfix = milter.postfix()) {
      postfix
          .send('M', "<j\u00fcrgen@b.test>\0")
          .send('R', "<j\u00c3\u00bcrgen@b.test>\0")
          .send('L', "Message-ID\0 <gr\u00fcn@b.test>\0")
          .macros('E', "i", "51E02514002")
          .send('E', "");
      postfix.read();
    }
    assertEquals("j\u00fcrgen@b.test", received().sender().text());
    assertEquals("j\u00fcrgen@b.test", received().accepted().get(0).address().text());
    assertEquals("gr\u00fcn@b.test", received().messageId().orElseThrow().text());
  }

  @Test
  void localSubmissionHasAddressesWithoutBrackets() {
    try (MilterClient postfix = milter.postfix()) {
      postfix.send('M', "root\0").send('R', "joe@b.test\0").macros('E', "i", "4A1").send('E', "");
      postfix.read();
    }
    assertEquals(new Address("root"), received().sender());
    assertEquals(new Address("joe@b.test"), received().accepted().get(0).address());
    assertFalse(received().accepted().get(0).marked());
  }

  @Test
  void aTrailIsTopmostFirstAtMost50LongAndWithoutTheMessagesOwnId() {
    try (MilterClient postfix = milter.postfix()) {
      postfix.send('M', "<a@b.test>\0").send('R', "<c@d.test>\0");
      postfix.send('L', "Received\0 by me (Postfix) id OWN1; now\0");
      for (int i = 0; i < 100; i++) {
        postfix.send('L', "received\0 by r (Postfix) with SMTP id OLD" + i + "; now\0");
      }
      postfix.macros('E', "i", "OWN1").send('E', "");
      postfix.read();
    }
    List<QueueId> trail = received().trail();
    assertEquals(new QueueId("OLD0"), trail.get(0));
    assertEquals(49, trail.size());
  }

  @Test
  void theTrailThatAStrangerWritesIsNotBelieved() {
    try (MilterClient postfix = milter.postfix("198.51.100.9")) {
      postfix.send('M', "<a@b.test>\0").send('R', "<c@d.test>\0");
      postfix.send('L', "Received\0 by r (Postfix) with SMTP id SOMEBODYS; now\0");
      postfix.macros('E', "i", "OWN1").send('E', "");
      postfix.read();
    }
    assertEquals(List.of(), received().trail());
  }

  @Test
  void severalMessagesOnAConnectionShareNothingButTheClient() {
    try (MilterClient postfix = milter.postfix()) {
      postfix
          .macros('M', "{auth_authen}", "alice")
          .send('M', "<a@b.test>\0")
          .send('R', "<one@d.test>\0")
          .send('L', "Message-ID\0 <one@b.test>\0")
          .macros('E', "i", "ONE1")
          .send('E', "");
      postfix.read();
      postfix
          .send('A', "")
          .send('M', "<gone@b.test>\0")
          .send('R', "<gone@d.test>\0")
          .send('A', "")
          .send('M', "<a@b.test>\0")
          .send('R', "<two@d.test>\0")
          .macros('E', "i", "TWO2")
          .send('E', "");
      postfix.read();
    }
    assertEquals(2, milter.recorder().events().size());
    Event.Received second = received();
    assertEquals(new QueueId("TWO2"), second.message().queueId());
    assertEquals(Optional.empty(), second.authenticatedAs());
    assertEquals(Optional.empty(), second.messageId());
    assertEquals(List.of(new Address("two@d.test")), addresses(second));
    assertEquals(Optional.of("192.0.2.7"), second.client().address());
    assertEquals(new Sessions.Counters(2, 1, 0), milter.counters());
  }

  private static List<Address> addresses(Event.Received event) {
    return event.accepted().stream().map(Event.Accepted::address).toList();
  }

  @Test
  void whatIsBrokenOffLeavesACounterAndNoEvent() {
    for (String upTo : List.of("", "M", "MR", "MRT", "MRTL", "MRTLN", "MRTLNB")) {
      try (MilterClient postfix = milter.postfix()) {
        upTo.chars().forEach(letter -> postfix.send((char) letter, "x\0y\0"));
      }
    }
    await().until(() -> milter.counters().aborted() == 6);
    assertEquals(List.of(), milter.recorder().events());
  }

  @Test
  void aHundredThousandRecipientsAreAllKept() {
    int many = 100_000;
    try (MilterClient postfix = milter.postfix()) {
      postfix.send('M', "<a@b.test>\0");
      ByteArrayOutputStream packets = new ByteArrayOutputStream();
      for (int i = 0; i < many; i++) {
        String recipient = "<r" + i + "@d.test>\0NOTIFY=sUCCESS,FAILURE,dELAY\0";
        packets.writeBytes(MilterClient.packet('R', MilterClient.octets(recipient)));
      }
      postfix.raw(packets.toByteArray());
      postfix.macros('E', "i", "MANY").send('E', "");
      assertEquals('c', postfix.read().letter());
    }
    assertEquals(many, received().accepted().size());
    assertEquals("r99999@d.test", received().accepted().get(many - 1).address().text());
  }

  @Test
  void ofRecipientsRefusedWithoutEndTheFirstAreKeptAndTheRestIsSaid() {
    try (MilterClient postfix = milter.postfix()) {
      postfix.send('M', "<a@b.test>\0");
      for (int i = 0; i < Envelope.MOST_REJECTED + 5; i++) {
        postfix
            .macros('R', "{rcpt_mailer}", "error", "{rcpt_host}", "5.1.1", "{rcpt_addr}", "no such")
            .send('R', "<r" + i + "@d.test>\0");
      }
      postfix.macros('E', "i", "MANY").send('E', "");
      assertEquals('c', postfix.read().letter());
    }
    assertEquals(Envelope.MOST_REJECTED, received().rejected().size());
    Event.Oddity oddity = (Event.Oddity) milter.recorder().events().get(1);
    assertTrue(oddity.problem().startsWith("5 more rejected recipients"));
  }
}
