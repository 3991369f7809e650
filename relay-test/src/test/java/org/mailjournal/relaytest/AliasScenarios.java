package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.mailjournal.relaytest.JournalEntry.Fate;
import org.mailjournal.relaytest.Mta.Ability;

/** Postfix strips NOTIFY=SUCCESS from the targets of an alias: what is not told is not claimed. */
interface AliasScenarios {
  World world();

  @Test
  default void aVirtualAliasForOneAddress() {
    world().require(Ability.VIRTUAL_ALIAS);

    JournalEntry entry = settled("solo@alias.test");

    assertEquals("expanded", entry.fate("solo@alias.test").status());
    Fate target = entry.fate("solo-target@one.test");
    assertEquals("unreported", target.status());
    assertEquals(Optional.of("solo@alias.test"), target.original());
    assertEquals(1, world().one().received("solo-target@one.test").size());
  }

  @Test
  default void aVirtualAliasForThreeWithEveryOutcome() {
    world().require(Ability.VIRTUAL_ALIAS);
    world().one().at("many-busy@one.test", Script.temporary(1));
    world().two().at("many-no@two.test", Script.permanent());
    Sent sent = world().send(Letter.from("ada@home.test").to("many@alias.test"));
    JournalEntry open =
        world()
            .await(
                World.queueId(sent),
                "many-busy delayed",
                e -> e.fates("many-busy@one.test").stream().anyMatch(f -> f.attempts() == 1));

    assertEquals("delayed", open.fate("many-busy@one.test").status());

    world().mta().runQueue();
    JournalEntry entry = world().settled(sent);

    assertEquals("expanded", entry.fate("many@alias.test").status());
    assertEquals("unreported", entry.fate("many-ok@one.test").status());
    assertEquals("unreported", entry.fate("many-busy@one.test").status());
    assertEquals("failed", entry.fate("many-no@two.test").status());
  }

  @Test
  default void aLocalAlias() {
    world().require(Ability.LOCAL_ALIAS);

    JournalEntry entry = settled("list@" + world().localDomain());

    assertNoClaim(entry);
    assertEquals(1, world().one().received("list-target@one.test").size());
  }

  @Test
  default void aForwardFile() {
    world().require(Ability.FORWARD_FILE);

    JournalEntry entry = settled("news@" + world().localDomain());

    assertNoClaim(entry);
    assertEquals(1, world().two().received("forward-target@two.test").size());
  }

  private JournalEntry settled(String recipient) {
    Sent sent = world().send(Letter.from("ada@home.test").to(recipient));
    JournalEntry entry = world().settled(sent);
    world().awaitQueueEmptyOf(sent);
    return entry;
  }

  private void assertNoClaim(JournalEntry entry) {
    Set<String> statuses =
        entry.recipients().stream().map(Fate::status).collect(Collectors.toSet());
    assertTrue(List.of("expanded", "unreported", "queued").containsAll(statuses), entry::toString);
  }
}
