package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mailjournal.journal.Bytes;
import org.mailjournal.relaytest.JournalEntry.Fate;
import org.mailjournal.relaytest.Mta.Ability;

/** What can become of a recipient. */
interface DeliveryScenarios {
  World world();

  @Test
  default void oneRecipientIsAccepted() {
    Sent sent = world().send(Letter.from("ada@home.test").to("ok@one.test"));

    JournalEntry entry = world().settled(sent);

    Exchanger.Received got = world().one().received("ok@one.test").get(0);
    Fate fate = entry.fate("ok@one.test");
    assertEquals("relayed", fate.status());
    assertEquals(Optional.of("2.0.0"), fate.dsn());
    assertEquals(Optional.of(got.queueId()), fate.remoteQueueId());
    assertTrue(fate.reply().orElseThrow().startsWith("250 "), fate::toString);
    assertTrue(fate.reply().orElseThrow().endsWith(got.queueId()), fate::toString);
    assertEquals(
        Optional.of("127.0.0.1:" + world().one().address().getPort()), fate.remoteAddress());
    assertEquals(1, fate.attempts());
    assertEquals(Optional.of("default"), fate.asked());
    assertEquals("ada@home.test", entry.sender());
    assertEquals(sent.letter().messageId(), entry.messageId());
    assertEquals(Optional.of("client.letters.test"), entry.client().helo());
    assertEquals(Optional.of("127.0.0.1"), entry.client().address());
  }

  @Test
  default void theStoryOfTheLeftPartOfAMessageId() {
    String left = "4B618D6A." + System.nanoTime();
    Sent sent =
        world()
            .send(Letter.from("ada@home.test").to("story@one.test").messageId("<" + left + "@x>"));
    world().settled(sent);

    List<JournalEntry> found = world().journal().find(left);

    assertEquals(List.of(World.queueId(sent)), found.stream().map(JournalEntry::queueId).toList());
  }

  @Test
  default void everyOutcomeInOneMessage() {
    world()
        .one()
        .at("mix-busy@one.test", Script.temporary(1))
        .at("mix-no@one.test", Script.permanent());
    world().two().at("mix-no@two.test", Script.permanent());

    Sent sent =
        world()
            .send(
                Letter.from("ada@home.test")
                    .to("mix-ok@one.test")
                    .to("mix-busy@one.test")
                    .to("mix-no@one.test")
                    .to("mix-ok@two.test")
                    .to("mix-no@two.test"));
    JournalEntry open = world().attempted(sent, "mix-busy@one.test", 1);

    assertEquals("delayed", open.fate("mix-busy@one.test").status());
    assertEquals(Optional.of("4.2.0"), open.fate("mix-busy@one.test").dsn());

    world().mta().runQueue();
    JournalEntry entry = world().settled(sent);

    assertEquals("relayed", entry.fate("mix-ok@one.test").status());
    assertEquals("relayed", entry.fate("mix-busy@one.test").status());
    assertEquals(2, entry.fate("mix-busy@one.test").attempts());
    assertEquals("failed", entry.fate("mix-no@one.test").status());
    assertEquals("relayed", entry.fate("mix-ok@two.test").status());
    assertEquals("failed", entry.fate("mix-no@two.test").status());
    assertEquals(Optional.of("5.1.1"), entry.fate("mix-no@two.test").dsn());
    assertEquals(5, entry.recipients().size());
  }

  @Test
  default void aLocalMailbox() {
    world().require(Ability.LOCAL_MAILBOX);
    Letter letter = Letter.from("ada@home.test").to("games@" + world().localDomain());

    Fate fate = world().settled(world().send(letter)).recipients().get(0);

    assertEquals("delivered", fate.status());
    assertEquals(Optional.empty(), fate.remoteAddress());
    assertTrue(
        world().mta().mailbox("games").stream()
            .anyMatch(m -> Bytes.text(m).contains(letter.messageId().orElseThrow())));
  }

  @Test
  default void twoDeferralsThenSuccess() {
    world().one().at("thrice@one.test", Script.temporary(2));
    Sent sent = world().send(Letter.from("ada@home.test").to("thrice@one.test"));

    JournalEntry first = world().attempted(sent, "thrice@one.test", 1);
    world().mta().runQueue();
    JournalEntry second = world().attempted(sent, "thrice@one.test", 2);
    world().mta().runQueue();
    JournalEntry entry = world().settled(sent);

    assertEquals("delayed", first.fate("thrice@one.test").status());
    assertEquals("delayed", second.fate("thrice@one.test").status());
    assertEquals("relayed", entry.fate("thrice@one.test").status());
    assertEquals(3, entry.fate("thrice@one.test").attempts());
    assertEquals(
        List.of("received", "delayed", "delayed", "relayed"),
        entry.events().stream().map(JournalEntry.News::kind).toList());
  }

  @Test
  default void refusedWhenAllOfItIsThere() {
    world().two().at("content@two.test", Script.permanentAtData());
    Sent sent = world().send(Letter.from("ada@home.test").to("content@two.test"));

    Fate fate = world().settled(sent).fate("content@two.test");

    assertEquals("failed", fate.status());
    assertEquals(Optional.of("5.7.1"), fate.dsn());
    assertTrue(fate.words().contains("message content rejected"), fate::toString);
  }

  @Test
  default void aHostThatDoesNotExist() {
    Sent sent = world().send(Letter.from("ada@home.test").to("somebody@nowhere.test"));

    Fate fate = world().attempted(sent, "somebody@nowhere.test", 1).fate("somebody@nowhere.test");

    // Without any name server, Postfix takes it for a passing trouble.
    assertTrue(Set.of("failed", "delayed").contains(fate.status()), fate::toString);
    assertEquals(Optional.empty(), fate.remoteAddress());
  }

  @Test
  default void aHostThatDoesNotAnswer() {
    Sent sent = world().send(Letter.from("ada@home.test").to("somebody@down.test"));

    Fate fate = world().attempted(sent, "somebody@down.test", 1).fate("somebody@down.test");

    assertEquals("delayed", fate.status());
    assertEquals(Optional.empty(), fate.reply());
  }

  @Test
  default void aConnectionThatIsDroppedBehindTheFinalDot() {
    world().two().at("dropped@two.test", Script.drop(Stage.DOT).times(1));
    Sent sent = world().send(Letter.from("ada@home.test").to("dropped@two.test"));
    world().attempted(sent, "dropped@two.test", 1);
    world().mta().runQueue();

    Fate fate = world().settled(sent).fate("dropped@two.test");

    assertEquals("relayed", fate.status());
    assertEquals(2, fate.attempts());
  }

  @Test
  default void duplicateRecipients() {
    Sent sent =
        world()
            .send(
                Letter.from("ada@home.test")
                    .to("twin@one.test")
                    .to("twin@one.test")
                    .to("twin@ONE.test"));

    JournalEntry entry = world().settled(sent);

    assertEquals("relayed", entry.fate("twin@one.test").status());
    assertEquals(1, entry.recipients().size());
  }

  @Test
  default void theNullSender() {
    world().one().at("bouncer@one.test", Script.permanent());
    Sent sent = world().send(Letter.from("").to("null@one.test").to("bouncer@one.test"));

    JournalEntry entry = world().settled(sent);

    assertEquals("", entry.sender());
    assertEquals("relayed", entry.fate("null@one.test").status());
    assertEquals("failed", entry.fate("bouncer@one.test").status());
  }

  @Test
  default void aRecipientThatTheMtaRefuses() {
    Sent sent =
        world().send(Letter.from("ada@home.test").to("taken@one.test").to("stranger@local.test"));

    JournalEntry entry = world().settled(sent);

    assertEquals(550, sent.recipients().get(1).code());
    assertEquals("relayed", entry.fate("taken@one.test").status());
    assertEquals("rejected", entry.fate("stranger@local.test").status());
    assertEquals(Optional.of("5.1.1"), entry.fate("stranger@local.test").dsn());
  }

  @Test
  default void aThousandRecipients() {
    List<String> addresses =
        IntStream.range(0, 1000).mapToObj("crowd%04d@one.test"::formatted).toList();

    JournalEntry entry =
        world().settled(world().send(Letter.from("ada@home.test").toAll(addresses)));

    assertEquals(
        new TreeSet<>(addresses),
        new TreeSet<>(entry.recipients().stream().map(Fate::address).toList()));
    assertTrue(entry.recipients().stream().allMatch(f -> f.status().equals("relayed")));
  }

  @Test
  default void twentyMegabytes() {
    byte[] line = ("x".repeat(76) + "\r\n").getBytes(StandardCharsets.US_ASCII);
    byte[] body = new byte[20 * 1024 * 1024 / line.length * line.length];
    for (int at = 0; at < body.length; at += line.length) {
      System.arraycopy(line, 0, body, at, line.length);
    }
    Letter letter = Letter.from("ada@home.test").to("big@two.test").body(body);

    JournalEntry entry = world().settled(world().send(letter));

    assertEquals("relayed", entry.fate("big@two.test").status());
    assertTrue(entry.size() >= letter.octets().length, () -> "size " + entry.size());
  }
}
