package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.mailjournal.journal.Bytes;
import org.mailjournal.relaytest.JournalEntry.Fate;

/** Every scenario on real sendmail, each held against its log. */
class SendmailScenariosTest extends OracleCase
    implements DeliveryScenarios,
        ReplyScenarios,
        AliasScenarios,
        SubmissionScenarios,
        SessionScenarios,
        NotifyScenarios,
        EvidenceScenarios {
  @BeforeAll
  void start() {
    world = SendmailWorld.start("sendmail");
  }

  /** Sendmail's own mailer tells nobody what it did. */
  @Test
  @Override
  public void aLocalMailbox() {
    Letter letter = Letter.from("ada@home.test").to("games@" + world.localDomain());
    Sent sent = world.send(letter);

    Fate fate = world.settled(sent).recipients().get(0);

    assertEquals("unreported", fate.status());
    assertTrue(fate.reason().orElseThrow().contains("local"), fate::toString);
    world.awaitQueueEmptyOf(sent);
    assertTrue(
        world.mta().mailbox("games").stream()
            .anyMatch(m -> Bytes.text(m).contains(letter.messageId().orElseThrow())));
  }

  /** RFC 5321 appendix C has MTAs ignore it. */
  @Test
  void aSourceRoute() {
    Sent sent = world.send(Letter.from("ada@home.test").to("@relay.test:route@one.test"));

    JournalEntry entry = world.settled(sent);

    assertEquals("relayed", entry.fate("route@one.test").status());
    assertEquals(1, entry.recipients().size(), entry::toString);
  }

  /** An alias's target goes out through the relay, under the same queue id. */
  @Test
  @Override
  public void aLocalAlias() {
    assertTold("list@" + world.localDomain(), "list-target@one.test");
  }

  @Test
  @Override
  public void aForwardFile() {
    assertTold("news@" + world.localDomain(), "forward-target@two.test");
  }

  /**
   * Sendmail sends it on in an envelope of its own, with the owner as sender and another queue id
   * ("clone", sendall() of 8.17); its Received field has the first one, and so has the journal.
   */
  @Test
  void anAliasWithAnOwnerStaysOneMessage() {
    Sent sent =
        world.send(
            Letter.from("ada@home.test")
                .to("readers@" + world.localDomain())
                .to("beside@two.test"));

    JournalEntry entry = world.attempted(sent, "reader@one.test", 1);
    world.awaitQueueEmptyOf(sent);

    assertEquals("relayed", entry.fate("reader@one.test").status());
    assertEquals("unreported", entry.fate("readers@" + world.localDomain()).status());
    assertEquals("relayed", world.settled(sent).fate("beside@two.test").status());
    assertEquals(
        "games@" + SendmailSetup.HOST_NAME,
        world.one().received("reader@one.test").get(0).sender());
  }

  private void assertTold(String recipient, String target) {
    Sent sent = world.send(Letter.from("ada@home.test").to(recipient));

    JournalEntry entry = world.attempted(sent, target, 1);

    assertEquals("unreported", entry.fate(recipient).status());
    assertEquals("relayed", entry.fate(target).status());
    assertEquals(Optional.of("2.0.0"), entry.fate(target).dsn());
    world.awaitQueueEmptyOf(sent);
  }

  @Test
  void severalDomainsInOneMessage() {
    Sent sent =
        world.send(
            Letter.from("ada@home.test")
                .to("several@one.test")
                .to("several@two.test")
                .to("more@one.test"));

    JournalEntry entry = world.settled(sent);

    assertEquals(2, world.one().received("several@one.test").get(0).recipients().size());
    entry.recipients().forEach(fate -> assertEquals("relayed", fate.status(), fate::toString));
    assertEquals(
        Optional.of("127.0.0.1:" + world.two().address().getPort()),
        entry.fate("several@two.test").remoteAddress());
  }

  @Test
  void anExchangerThatLeavesInTheMiddleOfASession() {
    world.two().at("left@two.test", Script.answer(Stage.RCPT, Reply.of(421, "4.3.2 bye")).times(1));
    Sent sent = world.send(Letter.from("ada@home.test").to("left@two.test"));
    assertEquals(
        "delayed", world.attempted(sent, "left@two.test", 1).fate("left@two.test").status());

    world.mta().runQueue();

    assertEquals(2, world.settled(sent).fate("left@two.test").attempts());
    assertEquals("relayed", world.settled(sent).fate("left@two.test").status());
  }
}
