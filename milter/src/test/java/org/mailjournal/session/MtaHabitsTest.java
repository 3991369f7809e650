package org.mailjournal.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

/** A whole session as Postfix shows it, and as sendmail does. */
@Timeout(120)
class MtaHabitsTest extends MilterCase {
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

  @ParameterizedTest
  @CsvSource({
    "esmtp, real@two.test, real@two.test",
    "esmtp, virtual@HERE.TEST,",
    "local, joe,",
    "relay, joe,"
  })
  void sendmailTellsAtOnceWhereElseARecipientGoes(String mailer, String address, String rewritten) {
    try (MilterClient sendmail = milter.sendmail()) {
      sendmail
          .send('M', "<a@b.test>\0")
          .macros('R', "{rcpt_mailer}", mailer, "{rcpt_host}", "two.test.", "{rcpt_addr}", address)
          .send('R', "<virtual@here.test>\0")
          .macros('E', "i", "6AO7TXQK016468")
          .send('E', "");
      sendmail.read();
    }
    Event.Accepted accepted = received().accepted().get(0);
    assertEquals(new Address("virtual@here.test"), accepted.address());
    assertEquals(Optional.ofNullable(rewritten).map(Address::new), accepted.rewritten());
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
}
