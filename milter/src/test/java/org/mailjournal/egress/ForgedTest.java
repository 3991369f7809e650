package org.mailjournal.egress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageId;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.QueueId;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

/** Somebody on this machine speaks to the relay of a message that is in the MTA's queue. */
final class ForgedTest extends RelayCase {
  private static final String Q = "6AU6gUMa020028";
  private static final String OWN = "Message-ID: <own@client.example>\r\n";
  private static final String OTHER = "Message-ID: <other@client.example>\r\n";
  private static final String MADE = "Message-Id: <202611300642." + Q + "@mail.example.org>\r\n";

  @BeforeEach
  void start() throws IOException {
    fixture.start();
  }

  private MessageKey waits(Source source, String field) {
    MessageKey key =
        new MessageKey(RelayFixture.MTA, new QueueId(Q), RelayFixture.NOON.minusSeconds(60));
    Optional<MessageId> id = MessageId.ofField(field.substring(field.indexOf(':') + 1));
    return fixture.received(key, source, id, A, Optional.empty(), B);
  }

  private MessageKey waits(String field) {
    return waits(Source.MILTER, field);
  }

  private static String content(String fields) {
    return "Received: from x by mail.example.org (8.17) id "
        + Q
        + "; Mon, 30 Nov 2026 06:00:00 +0000\r\n"
        + fields
        + "\r\nHello\r\n";
  }

  private String send(String sender, String content) throws IOException {
    try (FakeClient client = fixture.client()) {
      return client.mail(sender, B, content);
    }
  }

  private void assertUntouched(int oddities) {
    assertEquals(1, fixture.journal.events(Event.Received.class).size());
    assertTrue(fixture.outcomes().isEmpty(), fixture.outcomes()::toString);
    List<Event.Oddity> all = fixture.journal.events(Event.Oddity.class);
    assertEquals(oddities, all.size(), all::toString);
    assertTrue(all.stream().allMatch(o -> o.problem().contains(B) && o.problem().contains("250 ")));
  }

  private void assertJoined(MessageKey key) {
    assertEquals(1, fixture.journal.events(Event.Received.class).size());
    assertEquals(key, fixture.onlyOutcome().message());
    assertEquals(Status.RELAYED, fixture.onlyOutcome().status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", OTHER, MADE, "Resent-Message-ID: <other@client.example>\r\n"})
  void aQueueIdAloneNamesNoMessageThatHasAMessageId(String fields) throws IOException {
    MessageKey key = waits(OWN);

    assertTrue(send("mallory@x.test", content(fields)).startsWith("250 "));

    assertUntouched(1);
    send(A, content(OWN));
    assertJoined(key);
  }

  @Test
  void whateverTheSenderIsCalledOnTheWayOutTheMessageIdNamesIt() throws IOException {
    MessageKey key = waits(OWN);
    send("bounce+b=example.net@list.example", content(OWN));
    assertJoined(key);
  }

  /** Sendmail adds it for mailers with flag M, and tells the milter. */
  @ParameterizedTest
  @CsvSource(
      value = {"none|none", "none|made", "made|none", "made|made"},
      delimiter = '|')
  void aMessageWithoutAMessageIdOfItsOwnIsFound(String known, String sent) throws IOException {
    MessageKey key = waits(known.equals("made") ? MADE : "");
    send(A, content(sent.equals("made") ? MADE : ""));
    assertJoined(key);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", MADE})
  void nobodyElsesMessageIdIsTakenForTheMtas(String known) throws IOException {
    waits(known);
    send(A, content(OTHER));
    assertUntouched(1);
  }

  @Test
  void noSenderBecomesTheNullOneOnTheWayOut() throws IOException {
    waits("");
    send("", content(""));
    assertUntouched(1);
  }

  /** As the pass tap makes one, which reads the envelope only. */
  @Test
  void aMessageWhoseHeaderTheJournalNeverSawHasAnyMessageId() throws IOException {
    MessageKey key = waits(Source.PASS, "");
    send(A, content(OWN));
    assertJoined(key);
  }

  /** Sendmail calls that {msg_id}, and there is no other in it. */
  @Test
  void aMessageThatWasSentAgainIsFound() throws IOException {
    MessageKey key = waits(OWN);
    send(A, content("Resent-From: a@example.org\r\nResent-" + OWN));
    assertJoined(key);
  }

  @Test
  void postfixUsesAQueueIdAgainAndBothMessagesAreFound() throws IOException {
    MessageKey first = waits(OWN);
    send(A, content(OWN));
    send(A, content(OTHER));
    send(A, content(OWN).replace("Hello", "Hello again"));
    assertEquals(
        List.of(Optional.of("own@client.example"), Optional.of("other@client.example")),
        fixture.journal.events(Event.Received.class).stream()
            .map(r -> r.messageId().map(MessageId::text))
            .toList());
    List<MessageKey> about = fixture.outcomes().stream().map(Event.Outcome::message).toList();
    assertEquals(List.of(first, first), List.of(about.get(0), about.get(2)));
    assertEquals(Source.EGRESS, fixture.journal.events(Event.Received.class).get(1).source());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", OTHER})
  void theEnvelopeAloneNamesNoMessageOfAContent(String fields) throws IOException {
    waits(OWN);
    send(A, fields + "\r\nHello\r\n");
    assertUntouched(1);
  }

  @Test
  void whatWaitedForTheJournalNamesNoOtherMessageEither() throws IOException {
    waits(OWN);
    fixture.journal.unreadable(true);
    send("mallory@x.test", content(OTHER));
    fixture.journal.unreadable(false);
    fixture.relay().replay();
    assertUntouched(1);
  }

  @Test
  void whatIsNotThatMessageWaitsForTheJournal() throws IOException {
    waits(OWN);
    fixture.journal.down(true);
    assertTrue(send("mallory@x.test", content(OTHER)).startsWith("250 "));
    fixture.journal.down(false);
    fixture.relay().replay();
    assertUntouched(1);
  }
}
