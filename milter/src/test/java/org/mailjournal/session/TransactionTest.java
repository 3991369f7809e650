package org.mailjournal.session;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Bytes;
import org.mailjournal.journal.ContentDigest;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.QueueId;
import org.mailjournal.protocol.MilterClient;

@Timeout(120)
class TransactionTest extends MilterCase {
  @Test
  void whatTheMtaShowsIsHashedWhereverItCutsIt() {
    try (MilterClient postfix = milter.postfix()) {
      postfix
          .send('M', "<a@b>\0")
          .send('R', "<x@b.test>\0")
          .send('L', "From\0 a@b\0")
          .send('L', "X-Other\0 not hashed\0")
          .send('L', "Subject\0 hello\n\tworld \0")
          .send('N', "")
          .send('B', "one  two \r")
          .send('B', "\nthree\r\n\r\n")
          .macros('E', "i", "51E02514002", "j", "mail.example.org")
          .send('E', "four");
      assertEquals('c', postfix.read().letter());
    }
    ContentDigest digest = received().digest().orElseThrow();
    assertEquals(
        Bytes.sha256("from:a@b\r\nsubject:hello world\r\n".getBytes(US_ASCII)),
        digest.header().hex());
    assertEquals(
        Bytes.sha256("one two\r\nthree\r\n\r\nfour\r\n".getBytes(US_ASCII)), digest.body().hex());
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
