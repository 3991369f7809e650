package org.mailjournal.postfix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mailjournal.postfix.TapHouse.ID;
import static org.mailjournal.postfix.TapHouse.accepted;
import static org.mailjournal.postfix.TapHouse.trace;
import static org.mailjournal.postfix.TapHouse.unmarked;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mailjournal.journal.Asked;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageKey;

/** Which message of the journal a request is about. */
class LookupTest extends TapCase {
  @Test
  void aMessageThatCameWhileTheClockWasSetBackIsKnown() throws IOException {
    house.withFiles().started();
    house.receivedFixture(TapHouse.RECEIVED.minusSeconds(120), Asked.DEFAULT);

    assertEquals(0, house.ask("journal-trace", trace(0)));

    assertEquals(List.of(), house.oddities());
    assertEquals(7, house.outcomes().size());
  }

  @Test
  void aMessageThatCameByAnotherClockIsKnownByItsMessageId() throws IOException {
    house.withFiles().started();
    house.receivedFixture(TapHouse.RECEIVED.minusSeconds(7200), Asked.DEFAULT);

    assertEquals(0, house.ask("journal-trace", trace(0)));

    assertEquals(List.of(), house.oddities());
    assertEquals(7, house.outcomes().size());
  }

  @Test
  void aMessageOfLongAgoUnderTheSameQueueIdIsAnother() throws IOException {
    house.withFiles().started();
    house.messageId = "another@local.test";
    MessageKey before = house.receivedFixture(TapHouse.RECEIVED.minusSeconds(3600), Asked.DEFAULT);

    assertEquals(0, house.ask("journal-trace", trace(0)));

    assertEquals(1, house.journal.events(before).size());
    assertEquals(7, house.outcomes().size());
  }

  /** Nothing in such a file says which MTA's it is; qmgr asks for the trace after every pass. */
  @ParameterizedTest
  @ValueSource(strings = {"Alog_client_address=192.0.2.1", "Arewrite_context=local"})
  void ofAnUnknownMessageWithoutRecordsThereIsNothingToTell(String origin) throws IOException {
    house.started();
    house.queueFile("active/" + ID, TapHouse.RECEIVED.getEpochSecond(), "s@x", origin, "Ra@x");
    FakeService real = house.service("trace", () -> 0);

    assertEquals(0, house.ask("journal-trace", trace(0)));
    Path empty = house.file("trace/" + ID, "");
    assertEquals(0, house.ask("journal-trace", trace(0)));

    assertEquals(List.of(), house.journal.all());
    assertFalse(Files.exists(empty));
    assertTrue(real.requests().isEmpty());
  }

  @Test
  void anUnknownMessageIsLinkedToTheOneWithItsMessageIdAndSender() throws IOException {
    house.withFiles().started();
    MessageKey before = house.received("B0B0B0", "games@local.test", unmarked("one@ok.example"));

    house.ask("journal-trace", trace(0));

    Event.Oddity oddity = house.oddities().get(0);
    assertEquals(ID, oddity.message().orElseThrow().queueId().text());
    assertTrue(oddity.problem().contains("B0B0B0"));
    assertEquals(1, house.journal.events(before).size());
  }

  @Test
  void aQueueIdThatIsUsedAgainIsNotTheMessageOfBefore() throws IOException {
    house.withFiles().started();
    house.messageId = "another@local.test";
    MessageKey before =
        house.received(
            ID,
            Instant.parse("2026-11-23T00:00:00Z"),
            "games@local.test",
            accepted("one@ok.example", Asked.DEFAULT));

    house.ask("journal-trace", trace(0));

    assertEquals(1, house.journal.events(before).size());
    assertEquals(7, house.outcomes().size());
  }

  @Test
  void aMessageWithAnotherSenderAndOtherRecipientsIsNotThisOne() throws IOException {
    house.withFiles().started();
    house.received(ID, "else@where", accepted("nobody@else", Asked.DEFAULT));

    house.ask("journal-trace", trace(0));

    assertTrue(house.outcomes().isEmpty());
    assertEquals(1, house.oddities().size());
  }

  @Test
  void aSenderThatPostfixRewroteIsStillTheSender() throws IOException {
    house.withFiles().started();
    house.received(ID, "games", accepted("one@ok.example", Asked.DEFAULT));

    house.ask("journal-trace", trace(0));

    assertTrue(house.outcomes().contains("relayed one@ok.example"));
  }
}
