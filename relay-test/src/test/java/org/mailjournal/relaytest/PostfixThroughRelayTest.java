package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.mailjournal.relaytest.JournalEntry.Fate;

/** Postfix with the pass tap, and our relay for its next hop: aliases' targets are told of, too. */
class PostfixThroughRelayTest extends WorldCase {
  private final int relay = Loopback.freePort();

  @BeforeAll
  void start() {
    PostfixWorld.requirePostfix();
    world =
        PostfixWorld.start(
            "postfix-relay",
            setup ->
                setup
                    .route("one.test", relay)
                    .route("two.test", relay)
                    // The relay takes one destination at a time, and Postfix sees one in both.
                    .main("smtp_destination_recipient_limit", "1"),
            (one, two) ->
                List.of(
                    "egress.listen = \"inet:" + relay + "@127.0.0.1\"",
                    "egress.mta-names = [ mail.local.test ]",
                    "egress.routes = [",
                    SendmailWorld.route("one.test", one.address().getPort()),
                    SendmailWorld.route("two.test", two.address().getPort()),
                    "]"));
  }

  @AfterEach
  void theLogAgrees() {
    world.askRelayOracle(relay);
  }

  private static void assertRelayed(Exchanger exchanger, JournalEntry entry, String recipient) {
    Fate fate = entry.fate(recipient);
    assertEquals("relayed", fate.status(), entry::toString);
    assertEquals(Optional.of("127.0.0.1:" + exchanger.address().getPort()), fate.remoteAddress());
    assertEquals(Optional.of(exchanger.received(recipient).get(0).queueId()), fate.remoteQueueId());
  }

  @Test
  void aRecipientIsOneRowWithTheNextHopsOwnPlace() {
    Sent sent = world.send(Letter.from("ada@home.test").to("direct@one.test"));
    JournalEntry entry = world.settled(sent);
    world.awaitGone(World.queueId(sent));

    assertRelayed(world.one(), entry, "direct@one.test");
    assertEquals(1, world.entry(sent).recipients().size());
    assertEquals(1, world.entry(sent).fate("direct@one.test").attempts());
  }

  @Test
  void anAliasTargetsReplyIsKnown() {
    Sent sent = world.send(Letter.from("ada@home.test").to("solo@alias.test"));
    world.awaitGone(World.queueId(sent));
    JournalEntry entry = world.settled(sent);

    assertRelayed(world.one(), entry, "solo-target@one.test");
    assertEquals("expanded", entry.fate("solo@alias.test").status());
    assertEquals(2, entry.recipients().size());
  }

  @Test
  void everyTargetOfAnAliasHasItsOwnFate() {
    world.one().at("many-busy@one.test", Script.temporary(1));
    world.two().at("many-no@two.test", Script.permanent());
    Sent sent = world.send(Letter.from("ada@home.test").to("many@alias.test"));
    JournalEntry open = world.attempted(sent, "many-busy@one.test", 1);
    assertTrue(open.fate("many-busy@one.test").words().contains("450 4.2.0 mailbox busy"));
    world.attempted(sent, "many-no@two.test", 1);

    world.mta().runQueue();
    world.awaitGone(World.queueId(sent));
    JournalEntry entry = world.settled(sent);

    assertRelayed(world.one(), entry, "many-ok@one.test");
    assertRelayed(world.one(), entry, "many-busy@one.test");
    assertEquals("failed", entry.fate("many-no@two.test").status());
    assertEquals(4, entry.recipients().size());
  }
}
