package org.mailjournal.session;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.Unrecorded;
import org.mailjournal.protocol.MilterClient;

@Timeout(120)
class FailureTest {
  private static MilterClient.Packet deliver(MilterClient mta, String queueId) {
    mta.send('M', "<a@b.test>\0").send('R', "<c@d.test>\0");
    mta.macros('E', "i", queueId).send('E', "");
    MilterClient.Packet reply = mta.read();
    mta.send('A', "");
    return reply;
  }

  @ParameterizedTest
  @EnumSource(
      value = MemoryRecorder.Health.class,
      names = {"FAILING", "THROWING"})
  void aMessageThatCannotBeCommittedIsAskedForAgain(MemoryRecorder.Health health) {
    try (Milter milter = new Milter();
        MilterClient mta = milter.postfix()) {
      milter.recorder().become(health);
      MilterClient.Packet reply = deliver(mta, "4A1");
      assertEquals('y', reply.letter());
      assertTrue(reply.content().startsWith("451 4.3.0 "), reply.content());
      milter.recorder().become(MemoryRecorder.Health.WELL);
      assertEquals('c', deliver(mta, "4A2").letter());
      assertEquals(1, milter.recorder().events().size());
      assertEquals(new Sessions.Counters(2, 0, 1), milter.counters());
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = MemoryRecorder.Health.class,
      names = {"FAILING", "THROWING"})
  void aGapBehindWhichNoMessageCameIsToldAtTheEnd(MemoryRecorder.Health health) {
    try (Milter milter = new Milter(Sessions.OnFailure.ACCEPT);
        MilterClient mta = milter.postfix()) {
      milter.recorder().become(health);
      assertEquals('c', deliver(mta, "4A1").letter());
      milter.tellGap();
      milter.recorder().become(MemoryRecorder.Health.WELL);
      milter.tellGap();
      milter.tellGap();
      assertEquals(List.of("oddity"), kinds(milter.recorder().events()));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = MemoryRecorder.Health.class,
      names = {"FAILING", "THROWING"})
  void aGapThatWasLetPassIsRecordedOnceTheJournalWorksAgain(MemoryRecorder.Health health) {
    try (Milter milter = new Milter(Sessions.OnFailure.ACCEPT);
        MilterClient mta = milter.postfix()) {
      milter.recorder().become(health);
      assertEquals('c', deliver(mta, "4A1").letter());
      assertEquals('c', deliver(mta, "4A2").letter());
      milter.recorder().become(MemoryRecorder.Health.WELL);
      assertEquals('c', deliver(mta, "4A3").letter());
      assertEquals('c', deliver(mta, "4A4").letter());
      List<Event> events = milter.recorder().events();
      assertEquals(List.of("oddity", "received", "received"), kinds(events));
      Event.Oddity oddity = (Event.Oddity) events.get(0);
      assertEquals("milter", oddity.stage());
      assertEquals(
          Optional.of(new Unrecorded(2, Optional.of(Milter.NOW), Milter.NOW)),
          Unrecorded.of(oddity));
    }
  }

  private static List<String> kinds(List<Event> events) {
    return events.stream().map(Event::kind).toList();
  }

  @Test
  void nobodyIsAnsweredBeforeTheCommitAndOthersAreNotHeldUp() {
    try (Milter milter = new Milter();
        MilterClient slow = milter.postfix();
        MilterClient other = milter.postfix()) {
      milter.recorder().become(MemoryRecorder.Health.STALLED);
      slow.send('M', "<a@b.test>\0").send('R', "<c@d.test>\0");
      slow.macros('E', "i", "4A1").send('E', "");
      await().until(() -> milter.recorder().events().size() == 1);
      other.send('M', "<a@b.test>\0").send('A', "").send('M', "<a@b.test>\0").send('A', "");
      await().until(() -> milter.counters().aborted() == 2);
      milter.recorder().become(MemoryRecorder.Health.WELL);
      assertEquals('c', slow.read().letter());
    }
  }

  @ParameterizedTest
  @EnumSource(Sessions.OnFailure.class)
  void aMessageWithoutAUsableQueueIdIsNotRecorded(Sessions.OnFailure onFailure) {
    char expected = onFailure == Sessions.OnFailure.ACCEPT ? 'c' : 'y';
    try (Milter milter = new Milter(onFailure);
        MilterClient mta = milter.postfix()) {
      mta.send('M', "<a@b.test>\0").send('R', "<c@d.test>\0").send('E', "");
      assertEquals(expected, mta.read().letter());
      assertEquals(expected, deliver(mta, "../../etc/passwd").letter());
      assertEquals(List.of(), milter.recorder().events());
      assertEquals(new Sessions.Counters(2, 0, 2), milter.counters());
    }
  }
}
