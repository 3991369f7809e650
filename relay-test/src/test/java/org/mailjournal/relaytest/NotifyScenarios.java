package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mailjournal.relaytest.Mta.Ability;

/** What the sender asked for is recorded as he asked it, whatever mark the MTA sees. */
interface NotifyScenarios {
  World world();

  @ParameterizedTest
  @CsvSource({
    "NEVER, never",
    "SUCCESS, success",
    "FAILURE, failure",
    "DELAY, delay",
    "'FAILURE,DELAY', 'failure,delay'",
    "'SUCCESS,FAILURE,DELAY', 'success,failure,delay'",
    "never, never",
    "Success, success",
    "sUCCESS, success",
    "'sUCCESS,FAILURE,dELAY', 'success,failure,delay'",
    "'FAILURE,sUCCESS', 'success,failure'"
  })
  default void theSendersWishIsRecorded(String notify, String asked) {
    Sent sent = world().send(Letter.from("wish@home.test").to("wish@one.test", "NOTIFY=" + notify));

    JournalEntry entry = world().settled(sent);

    assertEquals(Optional.of(asked), entry.fate("wish@one.test").asked());
    assertEquals("relayed", entry.fate("wish@one.test").status());
  }

  @Test
  default void anOriginalRecipientOfTheSender() {
    Sent sent =
        world()
            .send(
                Letter.from("ada@home.test")
                    .with("RET=HDRS", "ENVID=QQ314159")
                    .to(
                        "orcpt@one.test",
                        "NOTIFY=FAILURE",
                        "ORCPT=rfc822;Elsewhere+2B1@other.test"));

    assertEquals("relayed", world().settled(sent).fate("orcpt@one.test").status());
  }

  @Test
  default void aClientThatForgesOurMarkGetsWhatItAskedFor() {
    world().require(Ability.SUCCESS_REPORT);
    Sent sent =
        world().send(Letter.from("forger@home.test").to("forged@one.test", "NOTIFY=sUCCESS"));

    JournalEntry entry = world().settled(sent);
    world().awaitQueueEmptyOf(sent);

    assertEquals("relayed", entry.fate("forged@one.test").status());
    assertEquals(1, world().home().received("forger@home.test").size());
  }

  @Test
  default void whoDidNotAskHearsNothing() {
    Sent sent = world().send(Letter.from("silent@home.test").to("silent@one.test"));

    world().settled(sent);
    world().awaitQueueEmptyOf(sent);

    assertEquals(0, world().home().received("silent@home.test").size());
  }

  @Test
  default void theNextHopDoesNotSeeTheMark() {
    Sent sent = world().send(Letter.from("ada@home.test").to("unmarked@dsn.test"));

    JournalEntry entry = world().settled(sent);

    assertEquals("relayed", entry.fate("unmarked@dsn.test").status());
    Exchanger.Taken taken = world().dsn().received("unmarked@dsn.test").get(0).recipients().get(0);
    assertEquals(Map.of(), taken.parameters());
  }
}
