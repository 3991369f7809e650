package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.mailjournal.relaytest.JournalEntry.Fate;

/** The next hop's words are kept as far as the MTA kept them. */
interface ReplyScenarios {
  World world();

  @Test
  default void aReplyOfSeveralLines() {
    world()
        .one()
        .at("lines@one.test", Script.accept(Reply.of(250, "2.0.0 first", "2.0.0 second {id}")));

    Fate fate = relayed("lines@one.test");

    String id = world().one().received("lines@one.test").get(0).queueId();
    assertEquals(
        "250-2.0.0 first 250 2.0.0 second " + id, fate.reply().orElseThrow().replace("\n", " "));
  }

  @Test
  default void aRefusalOfSeveralLines() {
    world()
        .one()
        .at(
            "wordy@one.test",
            Script.answer(Stage.RCPT, Reply.of(550, "5.7.1 we do not", "5.7.1 want this")));

    Fate fate =
        world()
            .settled(world().send(Letter.from("ada@home.test").to("wordy@one.test")))
            .fate("wordy@one.test");

    assertEquals("failed", fate.status());
    assertTrue(fate.words().contains("5.7.1 we do not"), fate::toString);
    assertTrue(fate.words().contains("5.7.1 want this"), fate::toString);
  }

  @Test
  default void aReplyOfTwoThousandCharacters() {
    world().one().at("long@one.test", Script.accept(Reply.long250(2000)));

    String reply = relayed("long@one.test").reply().orElseThrow();

    assertTrue(reply.length() >= 2000, () -> reply.length() + " characters: " + reply);
    assertTrue(reply.endsWith("xxx"), reply);
  }

  @Test
  default void aReplyInUtf8() {
    world().one().at("utf8@one.test", Script.accept(Reply.of(250, "2.0.0 für Sie {id}")));

    String reply = relayed("utf8@one.test").reply().orElseThrow();

    assertTrue(reply.startsWith("250 2.0.0 f") && reply.contains(" Sie X"), reply);
  }

  @Test
  default void aReplyInLatin1() {
    world()
        .one()
        .at("latin1@one.test", Script.accept(Reply.of(250, "2.0.0 für Sie {id}").as8Bit()));

    String reply = relayed("latin1@one.test").reply().orElseThrow();

    assertTrue(reply.startsWith("250 2.0.0 f") && reply.contains(" Sie X"), reply);
  }

  private Fate relayed(String recipient) {
    Sent sent = world().send(Letter.from("ada@home.test").to(recipient));
    Fate fate = world().settled(sent).fate(recipient);
    assertEquals("relayed", fate.status());
    return fate;
  }
}
