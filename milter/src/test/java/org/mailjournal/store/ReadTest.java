package org.mailjournal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.mailjournal.journal.Coverage;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.Statistics;
import org.mailjournal.journal.Status;
import org.mailjournal.journal.Unrecorded;
import org.sqlite.JDBC;

class ReadTest extends JournalCase {
  @Test
  void aMessageKnowsWhatItWasBeforeByItsTrail() throws Exception {
    Event.Received before = Mails.mail("A1", Mails.NOON).received();
    Event.Received after = Mails.mail("B2", Mails.NOON.plusSeconds(1)).trail("F9", "A1").received();
    record(before, after);
    assertEquals(List.of(before.message()), journal.message("B2").orElseThrow().previous());
    assertEquals(List.of(), journal.message("A1").orElseThrow().previous());
  }

  /** What is below the field of the hop before came to that hop, from a stranger perhaps. */
  @Test
  void aMessageIsLinkedToItsNearestHopAlone() throws Exception {
    Event.Received victim = Mails.mail("V0", Mails.NOON).received();
    Event.Received before = Mails.mail("A1", Mails.NOON.plusSeconds(1)).received();
    Event.Received after =
        Mails.mail("B2", Mails.NOON.plusSeconds(2)).trail("F9", "A1", "V0").received();
    record(victim, before, after);
    assertEquals(List.of(before.message()), journal.message("B2").orElseThrow().previous());
    assertEquals(List.of(victim.message()), keys(journal.chain(victim.message())));
  }

  private static List<MessageKey> keys(List<MessageState> messages) {
    return messages.stream().map(MessageState::key).toList();
  }

  @Test
  void aTrailMeansTheNewestWithThatQueueIdBeforeTheMessage() throws Exception {
    Event.Received oldest = Mails.mail("A1", Mails.NOON).received();
    Event.Received newer = Mails.mail("A1", Mails.NOON.plusSeconds(1)).received();
    Event.Received after = Mails.mail("B2", Mails.NOON.plusSeconds(2)).trail("A1").received();
    record(oldest, newer, after, Mails.mail("A1", Mails.NOON.plusSeconds(3)).received());
    assertEquals(List.of(newer.message()), journal.message("B2").orElseThrow().previous());
  }

  @Test
  void aMessageIdThatLooksLikeAQueueIdHidesNoHop() throws Exception {
    Event.Received before = Mails.mail("A1", Mails.NOON).received();
    record(before);
    for (int i = 0; i < 50; i++) {
      record(Mails.mail("N" + i, Mails.NOON.plusSeconds(1)).id("<A1@forged>").received());
    }
    record(Mails.mail("B2", Mails.NOON.plusSeconds(2)).trail("A1").received());
    assertEquals(List.of(before.message()), journal.message("B2").orElseThrow().previous());
  }

  @Test
  void aChainIsWholeFromEachOfItsMessages() throws Exception {
    Event.Received first = Mails.mail("A1", Mails.NOON).received();
    Event.Received second = Mails.mail("B2", Mails.NOON.plusSeconds(1)).trail("A1").received();
    Event.Received third = Mails.mail("C3", Mails.NOON.plusSeconds(2)).trail("B2", "A1").received();
    record(first, second, third, Mails.mail("D4", Mails.NOON).received());
    List<MessageKey> chain = List.of(first.message(), second.message(), third.message());
    for (MessageKey start : chain) {
      assertEquals(chain, journal.chain(start).stream().map(MessageState::key).toList());
    }
    assertEquals(List.of(), journal.chain(Mails.key("E5", Mails.NOON)));
  }

  @Test
  void unfinishedLeavesOutWhatIsDamagedAndSaysSo() throws Exception {
    record(Mails.mail("A1", Mails.NOON).received());
    record(Mails.mail("B2", Mails.NOON.plusSeconds(1)).received());
    try (Sql sql =
        Sql.on(JDBC.createConnection("jdbc:sqlite:" + settings.file(), new Properties()))) {
      sql.execute("UPDATE event SET body = x'00' WHERE sequence = 1");
    }
    List<String> told = new ArrayList<>();

    List<MessageState> found =
        journal.unfinished(Mails.NOON.plusSeconds(2), Optional.empty(), 9, told::add);

    assertEquals(List.of("B2"), ids(found));
    assertEquals(1, told.size());
    assertTrue(told.get(0).contains("event 1"), told::toString);
    assertTrue(told.get(0).contains(Mails.NOON.toString()), told::toString);
  }

  private List<String> unfinished(Instant before, Optional<MessageKey> after, int limit) {
    return ids(journal.unfinished(before, after, limit, Assertions::fail));
  }

  @Test
  void unfinishedGoesThroughOpenMessagesOldestFirst() throws Exception {
    for (int i = 0; i < 5; i++) {
      record(Mails.mail("N" + i, Mails.NOON.plusSeconds(i)).received());
    }
    Event.Received done = Mails.mail("N1", Mails.NOON.plusSeconds(1)).received();
    record(
        Mails.relayed(done, "bob@example.com", "D4"),
        Mails.outcome(
            Mails.mail("N2", Mails.NOON.plusSeconds(2)).received(),
            "bob@example.com",
            Status.DELAYED,
            "450 4.2.0 wait"));
    Instant before = Mails.NOON.plusSeconds(4);
    assertEquals(List.of("N0", "N2", "N3"), unfinished(before, Optional.empty(), 9));
    assertEquals(List.of("N0", "N2"), unfinished(before, Optional.empty(), 2));
    Optional<MessageKey> second = Optional.of(Mails.key("N2", Mails.NOON.plusSeconds(2)));
    assertEquals(List.of("N3"), unfinished(before, second, 9));
    Optional<MessageKey> gone = Optional.of(Mails.key("X", Mails.NOON.plusSeconds(1)));
    assertEquals(List.of("N2", "N3"), unfinished(before, gone, 9));
  }

  @Test
  void eventsComeInTheirOrderFromBehindANumber() throws Exception {
    Event.Received mail = Mails.mail("A1", Mails.NOON).received();
    Event started = Mails.started(Mails.NOON);
    record(started, mail, Mails.relayed(mail, "bob@example.com", "D4"));
    assertEquals(
        List.of(started, mail),
        journal.eventsAfter(0, 2).stream().map(recorded -> recorded.event()).toList());
    assertEquals(List.of(3L), journal.eventsAfter(2, 9).stream().map(e -> e.sequence()).toList());
  }

  @Test
  void aMomentIsFoundAmongTheEvents() throws Exception {
    record(Mails.started(Mails.NOON));
    for (int i = 1; i <= 500; i++) {
      record(Mails.mail("N" + i, Mails.NOON.plusSeconds(i)).received());
    }
    record(Mails.stopped(Mails.NOON.plusSeconds(600)));
    assertEquals(0, journal.sequenceBefore(Mails.NOON));
    assertEquals(1, journal.sequenceBefore(Mails.NOON.plusMillis(1)));
    assertEquals(251, journal.sequenceBefore(Mails.NOON.plusSeconds(251)));
    assertEquals(501, journal.sequenceBefore(Mails.NOON.plusSeconds(600)));
    assertEquals(502, journal.sequenceBefore(Instant.MAX));
    assertEquals(0, journal.sequenceBefore(Instant.MIN));
  }

  @Test
  void statisticsCountWhatWasReceivedSince() throws Exception {
    Event.Received old = Mails.mail("A1", Mails.NOON).received();
    Event.Received mail =
        Mails.mail("B2", Mails.NOON.plusSeconds(60)).to("bob@x", "eve@x", "joe@x").received();
    record(
        old,
        Mails.relayed(old, "bob@example.com", "D4"),
        mail,
        Mails.outcome(mail, "bob@x", Status.DELAYED, "450 4.2.0 wait"),
        Mails.relayed(mail, "bob@x", "D5"),
        Mails.outcome(mail, "eve@x", Status.FAILED, "550 5.1.1 no"),
        Mails.oddity(Mails.NOON, Optional.empty(), "long ago"),
        Mails.oddity(Mails.NOON.plusSeconds(61), Optional.of(mail.message()), "of a message"),
        Mails.oddity(Mails.NOON.plusSeconds(62), Optional.empty(), "of none"));
    Statistics statistics = journal.statistics(Mails.NOON.plusSeconds(60));
    assertEquals(1, statistics.messages());
    assertEquals(2, statistics.oddities());
    assertEquals(1, statistics.recipients().get(Status.RELAYED));
    assertEquals(1, statistics.recipients().get(Status.FAILED));
    assertEquals(1, statistics.recipients().get(Status.QUEUED));
    assertEquals(0, statistics.recipients().get(Status.DELAYED));
    assertEquals(Duration.ofSeconds(2), statistics.delay().orElseThrow().p95());
    assertEquals(
        List.of(new Statistics.Exchanger("mx.example.com", 1, 1, 1)), statistics.exchangers());
    assertEquals(2, journal.statistics(Instant.MIN).messages());
    assertEquals(Optional.empty(), journal.statistics(Instant.MAX).delay());
  }

  @Test
  void aRunWithoutAnEndEndedWithItsLastEvent() throws Exception {
    record(Mails.started(Mails.NOON), Mails.stopped(Mails.NOON.plusSeconds(10)));
    record(Mails.started(Mails.NOON.plusSeconds(20)));
    record(Mails.mail("A1", Mails.NOON.plusSeconds(25)).received());
    record(Mails.started(Mails.NOON.plusSeconds(30)));
    record(Mails.mail("B2", Mails.NOON.plusSeconds(35)).received());
    assertEquals(
        List.of(
            span(0, Optional.of(10L), true),
            span(20, Optional.of(25L), false),
            span(30, Optional.empty(), false)),
        journal.coverage().spans());
  }

  @Test
  void whatWasAcceptedUnrecordedIsAGapToo() throws Exception {
    Unrecorded gap = Unrecorded.one(Mails.NOON).and(Unrecorded.one(Mails.NOON.plusSeconds(5)));
    Event.Received mail = Mails.mail("A1", Mails.NOON.plusSeconds(9)).received();
    record(
        Mails.oddity(Mails.NOON, Optional.empty(), "1 message was accepted unrecorded"),
        gap.stated(Mails.NOON.plusSeconds(9)),
        mail,
        Mails.oddity(Mails.NOON, Optional.of(mail.message()), "of a message"));

    assertEquals(List.of(gap), journal.coverage().unrecorded());
  }

  @Test
  void aDaemonThatEndedWithoutAWordListensNoMore() throws Exception {
    record(Mails.started(Mails.NOON), Mails.mail("A1", Mails.NOON.plusSeconds(5)).received());
    try (JournalReader reader = SqliteJournal.openReadOnly(settings)) {
      assertEquals(List.of(span(0, Optional.empty(), false)), reader.coverage().spans());

      journal.close();

      assertEquals(List.of(span(0, Optional.of(5L), false)), reader.coverage().spans());
    }
  }

  @Test
  void readersSeeWhatIsCommittedBesideTheDaemonAndWithoutIt() throws Exception {
    Event.Received mail = Mails.mail("A1", Mails.NOON).received();
    try (JournalReader reader = SqliteJournal.openReadOnly(settings)) {
      assertEquals(Optional.empty(), reader.message("A1"));
      record(mail);
      assertTrue(reader.message("A1").isPresent());
      journal.close();
      assertTrue(reader.message("A1").isPresent());
    }
    try (JournalReader reader = SqliteJournal.openReadOnly(settings)) {
      assertEquals(1, reader.events(mail.message()).size());
    }
  }

  private static Coverage.Span span(long from, Optional<Long> until, boolean clean) {
    return new Coverage.Span(
        Mails.NOON.plusSeconds(from), until.map(Mails.NOON::plusSeconds), clean);
  }

  private void record(Event... events) throws Exception {
    journal.record(List.of(events)).get();
  }

  private static List<String> ids(List<MessageState> states) {
    return states.stream().map(state -> state.key().queueId().text()).toList();
  }
}
