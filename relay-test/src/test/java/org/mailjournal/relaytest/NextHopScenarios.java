package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mailjournal.relaytest.JournalEntry.Fate;

/** What becomes of mail whose next hop dies, or takes its time. */
interface NextHopScenarios extends MxScenarios {
  /** What the daemon must be told so that it does not wait for minutes. */
  String CONFIGURATION = "egress.timeouts { greeting = 10s, data = 10s, end-of-data = 10s }";

  @ParameterizedTest
  @EnumSource(
      value = Stage.class,
      names = {"CONNECT", "EHLO", "MAIL", "RCPT", "DATA"})
  default void aNextHopThatDiesInFrontOfTheContent(Stage stage) {
    String domain = "dies-" + stage.name().toLowerCase(Locale.ROOT) + ".test";
    Exchanger mx = network().exchangerOf(domain);
    mx.inSessions(Script.drop(stage).times(1));
    Sent sent = sendTo("a@" + domain);
    Fate first = world().attempted(sent, "a@" + domain, 1).fate("a@" + domain);
    assertEquals("delayed", first.status());
    assertEquals(Optional.of("4.4.2"), first.dsn());

    Fate fate = afterAQueueRun(sent, "a@" + domain);

    assertRelayedBy(mx, fate);
    assertEquals(1, mx.count(sent.letter().messageId().orElseThrow()));
  }

  /** It may have the message: only its own word would tell, so it is asked again, as by any MTA. */
  @Test
  default void aNextHopThatDiesInFrontOfItsFinalReply() {
    Exchanger mx = network().exchangerOf("silent-end.test");
    mx.at("a@silent-end.test", Script.drop(Stage.DOT).times(1));
    Sent sent = sendTo("a@silent-end.test");
    Fate first = world().attempted(sent, "a@silent-end.test", 1).fate("a@silent-end.test");
    assertEquals("delayed", first.status());
    assertTrue(first.words().contains("end of data with mx.silent-end.test"), first::toString);

    Fate fate = afterAQueueRun(sent, "a@silent-end.test");

    assertRelayedBy(mx, fate);
    assertEquals(2, fate.attempts());
  }

  @Test
  default void aNextHopThatDiesBehindItsFinalReplyIsNotAskedAgain() {
    Exchanger mx = network().exchangerOf("leaving.test");
    mx.at("a@leaving.test", Script.leave());
    Sent sent = sendTo("a@leaving.test");

    Fate fate = world().settled(sent).fate("a@leaving.test");

    assertRelayedBy(mx, fate);
    world().awaitGone(World.queueId(sent));
    world().mta().runQueue();
    assertEquals(1, mx.count(sent.letter().messageId().orElseThrow()));
    assertEquals(1, world().entry(sent).fate("a@leaving.test").attempts());
  }

  @Test
  default void a421InTheMiddleOfASession() {
    Exchanger mx = network().exchangerOf("closing.test");
    mx.at("a@closing.test", Script.answer(Stage.DATA, Reply.of(421, "4.3.2 closing")).times(1));
    Sent sent = sendTo("a@closing.test");
    Fate first = world().attempted(sent, "a@closing.test", 1).fate("a@closing.test");
    assertEquals("delayed", first.status());
    assertEquals(Optional.of("421 4.3.2 closing"), first.reply());

    Fate fate = afterAQueueRun(sent, "a@closing.test");

    assertRelayedBy(mx, fate);
    assertEquals(2, fate.attempts());
  }

  /** Both at once, for each takes its time. */
  @Test
  default void aNextHopThatAnswersTooLate() {
    Exchanger greeting = network().exchangerOf("late-greeting.test");
    Exchanger end = network().exchangerOf("late-end.test");
    greeting.inSessions(Script.stall(Stage.BANNER).times(1));
    end.at("a@late-end.test", Script.stall(Stage.DOT).times(1));
    Sent first = sendTo("a@late-greeting.test");
    Sent second = sendTo("a@late-end.test");

    Fate one = world().attempted(first, "a@late-greeting.test", 1).fate("a@late-greeting.test");
    Fate two = world().attempted(second, "a@late-end.test", 1).fate("a@late-end.test");
    greeting.release();
    end.release();

    assertLate("greeting", one);
    assertLate("end of data", two);
    assertRelayedBy(greeting, afterAQueueRun(first, "a@late-greeting.test"));
    assertRelayedBy(end, afterAQueueRun(second, "a@late-end.test"));
  }

  /** Sendmail waits half as long for its answer to DATA, and must have it all the same. */
  @Test
  default void aNextHopThatAnswersDataTooLate() {
    Exchanger mx = network().exchangerOf("late-data.test");
    mx.at("a@late-data.test", Script.stall(Stage.DATA).times(1));
    Sent sent = sendTo("a@late-data.test");

    Fate first = world().attempted(sent, "a@late-data.test", 1).fate("a@late-data.test");
    mx.release();

    assertLate("DATA", first);
    assertRelayedBy(mx, afterAQueueRun(sent, "a@late-data.test"));
  }

  private static void assertLate(String stage, Fate fate) {
    assertEquals("delayed", fate.status());
    assertEquals(Optional.of("4.4.2"), fate.dsn());
    assertTrue(fate.words().contains(stage + " with "), fate::toString);
    assertTrue(fate.words().contains("nothing for 10 s"), fate::toString);
  }
}
