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
 * What an administrator and a Postfix do to messages that wait: removed, requeued, expired, led
 * through a content filter.
 */
class QueueScenariosTest extends OracleCase {
  private Exchanger filter;

  @BeforeAll
  void start() {
    PostfixWorld.requirePostfix();
    filter = beside(Exchanger.start("filter.test"));
    world =
        PostfixWorld.start(
            "queue",
            setup ->
                setup
                    .contentFilter(filter.address())
                    // The first attempt must come sooner, also on a machine that has other things
                    // to do.
                    .giveUpAfter(Duration.ofSeconds(15))
                    .main("smtp_tls_security_level", "none"),
            "postfix.audit = 1s");
  }

  @Test
  void aContentFilterThatBringsTheMessageBack() {
    Sent sent = world.send(Letter.from("ada@home.test").to("ok@one.test").to("ok@two.test"));
    JournalEntry first = world.settled(sent);
    Sent again = bringBack("ok@one.test");
    JournalEntry second = world.settled(again);

    assertEquals("relayed", first.fate("ok@one.test").status());
    assertEquals(
        Optional.of("127.0.0.1:" + filter.address().getPort()),
        first.fate("ok@one.test").remoteAddress());
    assertEquals(List.of(), first.previous());
    assertEquals("relayed", second.fate("ok@one.test").status());
    assertEquals("relayed", second.fate("ok@two.test").status());
    assertEquals(List.of(World.queueId(sent)), second.previous());
    assertEquals(first.messageId(), second.messageId());
    assertEquals(1, world.one().received("ok@one.test").size());
  }

  @Test
  void theChainIsShownFromEitherEnd() {
    Sent sent = world.send(Letter.from("ada@home.test").to("chain@one.test"));
    world.settled(sent);
    Sent again = bringBack("chain@one.test");
    world.settled(again);

    for (String id : List.of(World.queueId(sent), World.queueId(again))) {
      String shown = world.journal().run("show", id).out();
      assertTrue(shown.contains(World.queueId(sent)), shown);
      assertTrue(shown.contains(World.queueId(again)), shown);
    }
  }

  @Test
  void anAliasBehindTheFilterIsCoveredWhole() {
    Sent sent = world.send(Letter.from("ada@home.test").to("solo@alias.test"));
    JournalEntry first = world.settled(sent);
    Sent again = bringBack("solo-target@one.test");

    assertEquals("expanded", first.fate("solo@alias.test").status());
    assertEquals("relayed", world.settled(again).fate("solo-target@one.test").status());
  }

  /** The filter is done: the message goes back to Postfix as the filter got it. */
  private Sent bringBack(String recipient) {
    Awaitility.await().atMost(World.PATIENCE).until(() -> !filter.received(recipient).isEmpty());
    Exchanger.Received got = filter.received(recipient).get(0);
    try (SmtpClient client = SmtpClient.connect(PostfixWorld.postfix(world).reinjection())) {
      client.ehlo("filter.test");
      client.mail(got.sender());
      List<SmtpReply> replies =
          got.recipients().stream().map(taken -> client.rcpt(taken.address())).toList();
      Letter letter = Letter.from(got.sender()).messageId(got.messageId());
      return world.accepted(new Sent(letter, replies, client.data(got.content().toArray())));
    }
  }

  @Test
  void expiry() {
    filter.at("never@one.test", Script.temporary(1000));
    Sent sent = world.send(Letter.from("ada@home.test").to("never@one.test"));
    JournalEntry open = world.attempted(sent, "never@one.test", 1);

    assertEquals("delayed", open.fate("never@one.test").status());

    Awaitility.await("expired")
        .atMost(World.PATIENCE)
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> {
              world.mta().runQueue();
              return world.entry(sent).isSettled();
            });

    Fate fate = world.entry(sent).fate("never@one.test");
    assertEquals("failed", fate.status());
    assertEquals(Optional.of("4.2.0"), fate.dsn());
    String told = world.journal().run("find", World.queueId(sent)).out();
    assertTrue(told.contains(fate.reply().orElseThrow() + " (expired, returned to sender)"), told);
  }

  @Test
  void anAdministratorRemovesAMessage() {
    filter.at("removed@one.test", Script.temporary(1000));
    Sent sent = world.send(Letter.from("ada@home.test").to("removed@one.test"));
    world.attempted(sent, "removed@one.test", 1);

    PostfixWorld.postfix(world).delete(World.queueId(sent));
    world.noted().clear();
    world.note(World.queueId(sent), Oracle.Told.NOTHING_OF_ITS_END);

    Fate fate = world.settled(sent).fate("removed@one.test");
    assertEquals("unreported", fate.status());
    assertEquals("queue", fate.source());
  }

  /**
   * Postfix shows no milter what it requeues: under its new queue id it is a message of its own.
   */
  @Test
  void anAdministratorRequeuesAMessage() {
    filter.at("requeued@one.test", Script.temporary(1));
    Letter letter = Letter.from("requeuer@home.test").to("requeued@one.test");
    Sent sent = world.send(letter);
    world.attempted(sent, "requeued@one.test", 1);

    RealPostfix postfix = PostfixWorld.postfix(world);
    postfix.requeue(World.queueId(sent));
    world.noted().clear();
    world.note(World.queueId(sent), Oracle.Told.NOTHING_OF_ITS_END);

    Awaitility.await()
        .atMost(World.PATIENCE)
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () -> {
              // Else pickup(8) looks once a minute. A kick that meets it busy ends by SIGPIPE.
              postfix.tool("postkick", "public", "pickup", "W");
              postfix.runQueue();
              return filter.count(letter.messageId().orElseThrow()) == 1;
            });
    assertEquals("unreported", world.settled(sent).fate("requeued@one.test").status());
    world.awaitQueueEmpty();
    List<JournalEntry> both = world.journal().find(letter.messageId().orElseThrow());
    assertEquals(2, both.size());
    JournalEntry again = world.journal().show(both.get(0).id()).orElseThrow();
    assertEquals("relayed", again.fate("requeued@one.test").status());
    assertTrue(
        again.events().stream().anyMatch(event -> event.kind().equals("oddity")), again::toString);
    assertEquals(0, world.home().received("requeuer@home.test").size());
    assertEquals(0, filter.received("requeuer@home.test").size());
  }
}
