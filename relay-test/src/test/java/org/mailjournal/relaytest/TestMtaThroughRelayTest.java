package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The test MTA with the relay for its only next hop and without the tap, as at a smarthost site.
 */
class TestMtaThroughRelayTest extends WorldCase implements DeliveryScenarios, ReplyScenarios {
  private final int relay = Loopback.freePort();
  private NameServer names;

  @BeforeAll
  void start() throws IOException {
    Exchanger one = Exchanger.start("mx.one.test");
    Exchanger two = Exchanger.start("mx.two.test");
    Exchanger home = Exchanger.start("mx.home.test");
    Exchanger dsn = Exchanger.start(Exchanger.Settings.named("mx.dsn.test").withDsn());
    names = beside(NameServer.start());
    int milter = Loopback.freePort();
    TestMta mta =
        TestMta.builder(Worlds.temporary("q"))
            .milter("inet:" + milter + "@127.0.0.1")
            .route("*", Loopback.ipv4(relay))
            .user("games")
            .start();
    Daemon daemon =
        Daemon.start(
            new Daemon.Setup(
                Program.built(),
                Worlds.temporary("journal"),
                Worlds.log("test-mta-relay"),
                Optional.empty(),
                "inet:" + milter + "@127.0.0.1",
                Optional.empty(),
                List.of(
                    "egress.listen = \"inet:" + relay + "@127.0.0.1\"",
                    "egress.mta-names = [ mta.test ]",
                    "egress.resolver = \"127.0.0.1:" + names.address().getPort() + "\"",
                    "egress.routes = [",
                    SendmailWorld.route("one.test", one.address().getPort()),
                    SendmailWorld.route("two.test", two.address().getPort()),
                    SendmailWorld.route("home.test", home.address().getPort()),
                    SendmailWorld.route("dsn.test", dsn.address().getPort()),
                    SendmailWorld.route("down.test", 1),
                    "]")));
    world =
        new World(
            mta,
            daemon,
            new JournalCommand(Worlds::inProcess, daemon.configuration()),
            one,
            two,
            home,
            dsn,
            "local.test",
            new CopyOnWriteArrayList<>());
  }

  @AfterEach
  void theLogAgrees() {
    world.askRelayOracle(relay);
  }

  /** One next hop is one transaction to this MTA; the relay takes one destination at a time. */
  @Test
  @Override
  public void everyOutcomeInOneMessage() {
    world.two().at("turn-no@two.test", Script.permanent());
    Sent sent =
        world.send(
            Letter.from("ada@home.test")
                .to("turn-ok@one.test")
                .to("turn-ok@two.test")
                .to("turn-no@two.test"));
    JournalEntry open = world.attempted(sent, "turn-no@two.test", 1);
    assertEquals(
        "relayed", world.attempted(sent, "turn-ok@one.test", 1).fate("turn-ok@one.test").status());
    assertEquals("delayed", open.fate("turn-no@two.test").status());

    world.mta().runQueue();
    JournalEntry entry = world.settled(sent);

    assertEquals("relayed", entry.fate("turn-ok@two.test").status());
    assertEquals("failed", entry.fate("turn-no@two.test").status());
  }

  /** Nobody tells of the MTA's own mailboxes: only what goes out runs through the relay. */
  @Test
  @Override
  public void aLocalMailbox() {
    Sent sent = world.send(Letter.from("ada@home.test").to("games@local.test"));

    assertEquals("queued", world.entry(sent).fate("games@local.test").status());
  }
}
