package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mailjournal.relaytest.JournalEntry.Fate;

/** What becomes of mail whose way is found in the DNS. */
interface MxScenarios {
  World world();

  MailNetwork network();

  /** Sends to one recipient. */
  default Sent sendTo(String recipient) {
    return world().send(Letter.from("ada@home.test").to(recipient));
  }

  /** The recipient's fate after the first attempt. */
  default Fate fateOf(String recipient) {
    return world().attempted(sendTo(recipient), recipient, 1).fate(recipient);
  }

  /** The recipient's fate when a message has been attempted again. */
  default Fate afterAQueueRun(Sent sent, String recipient) {
    world().mta().runQueue();
    return world().settled(sent).fate(recipient);
  }

  default Optional<String> placeOf(Exchanger exchanger) {
    return Optional.of(
        exchanger.address().getAddress().getHostAddress() + ":" + exchanger.address().getPort());
  }

  default void assertRelayedBy(Exchanger exchanger, Fate fate) {
    assertEquals("relayed", fate.status(), fate::toString);
    assertEquals(Optional.of(exchanger.name()), fate.remoteMta());
    assertEquals(placeOf(exchanger), fate.remoteAddress());
  }

  @Test
  default void severalDomainsEachByItsOwnExchanger() {
    Exchanger alpha = network().exchangerOf("alpha.test");
    Exchanger beta = network().exchangerOf("beta.test");
    Exchanger bare = network().exchanger("bare.test");
    network().names().alias("other.test", "alpha.test");

    Sent sent =
        world()
            .send(
                Letter.from("ada@home.test")
                    .to("a@alpha.test")
                    .to("b@beta.test")
                    .to("c@alpha.test")
                    .to("d@bare.test")
                    .to("e@other.test"));
    JournalEntry entry = world().settled(sent);

    assertRelayedBy(alpha, entry.fate("a@alpha.test"));
    assertRelayedBy(beta, entry.fate("b@beta.test"));
    assertRelayedBy(alpha, entry.fate("c@alpha.test"));
    assertRelayedBy(bare, entry.fate("d@bare.test"));
    assertRelayedBy(alpha, entry.fate("e@other.test"));
    assertEquals(2, alpha.received("a@alpha.test").get(0).recipients().size());
  }

  @Test
  default void theFirstExchangerIsDownAndTheSecondBusy() {
    Exchanger busy = network().exchanger("busy.list.test");
    Exchanger good = network().exchanger("good.list.test");
    busy.inSessions(Script.answer(Stage.BANNER, Reply.of(421, "4.3.2 too busy")));
    network().deadHost("down.list.test");
    network().names().mx("list.test", 10, "down.list.test");
    network().names().mx("list.test", 20, "busy.list.test");
    network().names().mx("list.test", 30, "good.list.test");

    Fate fate = fateOf("a@list.test");

    assertRelayedBy(good, fate);
    assertEquals(1, fate.attempts());
    assertEquals(1, busy.sessionsSeen());
  }

  @ParameterizedTest
  @EnumSource(
      value = Stage.class,
      names = {"MAIL", "RCPT"})
  default void theFirstExchangerIsFullAndTheSecondHasRoom(Stage stage) {
    String domain = "full-" + stage.name().toLowerCase(Locale.ROOT) + ".test";
    Exchanger full = network().exchanger("full." + domain);
    Exchanger backup = network().exchanger("backup." + domain);
    full.inSessions(Script.answer(stage, Reply.of(452, "4.3.1 Insufficient system storage")));
    network().names().mx(domain, 10, "full." + domain);
    network().names().mx(domain, 20, "backup." + domain);
    Sent sent = world().send(Letter.from("ada@home.test").to("a@" + domain).to("b@" + domain));

    JournalEntry entry = world().settled(sent);

    assertRelayedBy(backup, entry.fate("a@" + domain));
    assertRelayedBy(backup, entry.fate("b@" + domain));
    assertEquals(1, entry.fate("a@" + domain).attempts());
    assertEquals(1, full.sessionsSeen());
    assertEquals(1, backup.count(sent.letter().messageId().orElseThrow()));
  }

  @Test
  default void noExchangerIsUp() {
    network().deadHost("down.dead.test");
    network().names().mx("dead.test", 10, "down.dead.test");

    Fate fate = fateOf("a@dead.test");

    assertEquals("delayed", fate.status());
    assertEquals(Optional.of("4.4.1"), fate.dsn());
    assertTrue(fate.words().contains("down.dead.test"), fate::toString);
  }

  @Test
  default void anExchangerOverIpv6() {
    Assumptions.assumeTrue(Loopback.hasIpv6(), "this machine has no ::1");
    Exchanger six =
        network()
            .exchangerAt(
                Exchanger.Settings.named("mx.six.test"),
                Loopback.ipv6(network().port()).getAddress());
    network().names().mx("six.test", 10, "mx.six.test");

    Fate fate = fateOf("a@six.test");

    assertEquals("relayed", fate.status(), fate::toString);
    assertEquals(1, six.received("a@six.test").size());
    assertTrue(fate.remoteAddress().orElseThrow().startsWith("["), fate::toString);
  }

  @Test
  default void aDomainThatTakesNoMail() {
    network().names().nullMx("null.test");

    Fate fate = fateOf("a@null.test");

    assertEquals("failed", fate.status());
    assertEquals(Optional.of("5.1.10"), fate.dsn());
    assertEquals(Optional.empty(), fate.remoteAddress());
  }

  @Test
  default void aDomainThatDoesNotExist() {
    Fate fate = fateOf("a@missing.test");

    assertEquals("failed", fate.status());
    assertEquals(Optional.of("5.1.2"), fate.dsn());
  }

  @Test
  default void theSenderHearsOfADomainThatDoesNotExist() {
    Sent sent = world().send(Letter.from("grace@home.test").to("a@unheard.test"));
    world().settled(sent);

    Awaitility.await("a report")
        .atMost(World.PATIENCE)
        .until(() -> !world().home().received("grace@home.test").isEmpty());
    Notice notice = Notice.of(world().home().received("grace@home.test").get(0));
    assertTrue(notice.fields().contains("Status: 5.1.2"), notice::toString);
  }

  @Test
  default void aNameServerThatFailsForAWhile() {
    Exchanger mx = network().exchangerOf("shaky.test");
    network().names().fails("shaky.test");
    Sent sent = sendTo("a@shaky.test");
    Fate first = world().attempted(sent, "a@shaky.test", 1).fate("a@shaky.test");
    assertEquals("delayed", first.status());
    assertEquals(Optional.of("4.4.3"), first.dsn());
    network().names().recovers("shaky.test");

    Fate fate = afterAQueueRun(sent, "a@shaky.test");

    assertRelayedBy(mx, fate);
    assertEquals(2, fate.attempts());
  }

  @Test
  default void mailThatWouldComeBackToUs() {
    network().names().mx("loop.test", 10, "us.loop.test");
    network().names().host("us.loop.test", Loopback.address(new byte[] {(byte) 192, 0, 2, 99}));

    Fate fate = fateOf("a@loop.test");

    assertEquals("delayed", fate.status());
    assertEquals(Optional.of("4.4.6"), fate.dsn());
  }

  @Test
  default void greylistingOfAllRecipientsOverQueueRuns() {
    Exchanger grey = network().exchangerOf("grey.test");
    grey.at("a@grey.test", Script.greylist()).at("b@grey.test", Script.greylist());
    Sent sent = world().send(Letter.from("ada@home.test").to("a@grey.test").to("b@grey.test"));
    world().attempted(sent, "a@grey.test", 1);
    JournalEntry open = world().attempted(sent, "b@grey.test", 1);
    assertEquals(Optional.of("4.7.1"), open.fate("a@grey.test").dsn());
    assertEquals("451 4.7.1 Greylisted, try again later", open.fate("b@grey.test").words());

    Fate fate = afterAQueueRun(sent, "b@grey.test");

    assertRelayedBy(grey, fate);
    assertEquals(2, fate.attempts());
    assertRelayedBy(grey, world().settled(sent).fate("a@grey.test"));
    assertEquals(1, grey.received("a@grey.test").size());
  }
}
