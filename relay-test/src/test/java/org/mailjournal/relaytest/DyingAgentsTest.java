package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.mailjournal.relaytest.JournalEntry.Fate;

/**
 * A delivery agent that dies at each message, as pipe(8) does whose user was removed. Postfix
 * writes nothing down of such a recipient, and logs no line of him; what it gives up it logs of the
 * message.
 */
class DyingAgentsTest extends WorldCase {
  private static final String UNTOLD = "no delivery agent told of an attempt ";

  private Sent alone;
  private Sent beside;

  @BeforeAll
  void start() {
    world =
        PostfixWorld.start(
            "dying-agents",
            setup ->
                setup
                    .route("dying.test", "dying:dying.test")
                    // Before master(8) lets the next one try.
                    .main("service_throttle_time", "1s")
                    // The first attempt must come sooner, also on a machine that has other things
                    // to do.
                    .giveUpAfter(Duration.ofSeconds(15)),
            "postfix.audit = 1s");
    RealPostfix postfix = PostfixWorld.postfix(world);
    String service = "dying unix - n n - - pipe user=nosuchuser argv=/bin/true";
    postfix.tool("postconf", "-M", "dying/unix=" + service).orThrow();
    PostfixFiles.makeOld(postfix.configDirectory());
    postfix.reload();
    // Both at once, for each takes its time to expire.
    alone = world.send(Letter.from("alone@home.test").to("a@dying.test"));
    world.one().at("busy@one.test", Script.temporary(1000));
    beside = world.send(Letter.from("two@home.test").to("b@dying.test").to("busy@one.test"));
  }

  @Test
  void whoExpiresAloneIsReturned() {
    JournalEntry entry = expired(alone);

    Fate fate = entry.fate("a@dying.test");
    assertEquals("failed", fate.status());
    assertEquals(Optional.of(UNTOLD + "(expired, returned to sender)"), fate.reason());
    assertEquals(0, fate.attempts());
    assertTrue(isLogged(alone, "status=expired, returned to sender"));
    world.awaitQueueEmpty();
    Exchanger.Received bounce = world.home().received("alone@home.test").get(0);
    assertEquals(List.of(), Notice.of(bounce).fields());
  }

  /** The bounce names the other one only. */
  @Test
  void whoExpiresBesideAnotherGoesUnnamed() {
    JournalEntry entry = expired(beside);

    assertEquals("failed", entry.fate("busy@one.test").status());
    Fate fate = entry.fate("b@dying.test");
    assertEquals("failed", fate.status());
    assertEquals(Optional.of(UNTOLD + "(expired)"), fate.reason());
    world.awaitQueueEmpty();
    Exchanger.Received bounce = world.home().received("two@home.test").get(0);
    assertEquals(List.of("failed"), Notice.of(bounce).actions());
  }

  private JournalEntry expired(Sent sent) {
    Awaitility.await("expired")
        .atMost(World.PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> {
              world.mta().runQueue();
              return world.entry(sent).isSettled();
            });
    return world.entry(sent);
  }

  private boolean isLogged(Sent sent, String words) {
    return PostfixWorld.postfix(world).log().lines().stream()
        .anyMatch(line -> line.contains(World.queueId(sent)) && line.contains(words));
  }
}
