package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mailjournal.relaytest.JournalEntry.Peer;
import org.mailjournal.relaytest.TortureSender.Accepted;

/** A message has a queue id and a Message-ID, and the journal must have both. */
class TortureRecordsTest {
  private static final Letter LETTER = Letter.from("s@home.test").messageId("<a@letters.test>");

  @Test
  void whatIsThereIsNotMissed() {
    assertEquals(Optional.empty(), lack(LETTER, entry("Q", "<a@letters.test>")));
  }

  @Test
  void aRecordWithAWrongMessageIdOrNoneIsNotTheMessage() {
    for (JournalEntry wrong :
        List.of(entry("Q", "<b@letters.test>"), entry("Q", null), entry("R", "<a@letters.test>"))) {
      assertTrue(lack(LETTER, wrong).isPresent(), wrong::toString);
    }
  }

  @Test
  void theMessageBeforeUnderTheSameQueueIdIsAnother() {
    TortureRecords both =
        new TortureRecords(List.of(entry("Q", "<b@letters.test>"), entry("Q", "<a@letters.test>")));

    assertEquals(Optional.empty(), both.lacks(accepted(LETTER)));
    assertEquals(2, both.count());
    assertEquals(
        Optional.of("<b@letters.test>"),
        both.of("Q", Optional.of("<b@letters.test>")).orElseThrow().messageId());
  }

  @Test
  void ofALetterWithoutMessageIdTheQueueIdMustDo() {
    Letter letter = LETTER.withoutMessageId();

    assertEquals(Optional.empty(), lack(letter, entry("Q", "<given@by.the.mta>")));
    assertTrue(lack(letter, entry("R", null)).isPresent());
  }

  @Test
  void aLineOfTheLogIsOfTheMessageWithItsMessageId() {
    LoggedMessage logged = new LoggedMessage("Q");
    TortureRecords records = new TortureRecords(List.of(entry("Q", "<a@letters.test>")));

    assertTrue(records.of(logged).isPresent(), "the line with it is lost");
    logged.hasMessageId("<b@letters.test>");
    assertTrue(records.of(logged).isEmpty());
  }

  private static Optional<String> lack(Letter letter, JournalEntry entry) {
    return new TortureRecords(List.of(entry)).lacks(accepted(letter));
  }

  private static Accepted accepted(Letter letter) {
    SmtpReply reply = new SmtpReply(250, List.of("2.0.0 Ok: queued as Q"));
    return new Accepted(new Sent(letter, List.of(), reply), Instant.EPOCH);
  }

  private static JournalEntry entry(String queueId, String messageId) {
    return new JournalEntry(
        queueId + ".1",
        "mta.test",
        queueId,
        Optional.ofNullable(messageId),
        "s@home.test",
        Optional.empty(),
        new Peer(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
        1,
        List.of(),
        List.of(),
        List.of());
  }
}
