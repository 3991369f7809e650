package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The daemon is killed at a moment of the table in INTERNALS, before the eyes of a sendmail. */
class SendmailCrashMomentsTest {
  /** The content has the queue id: without it nobody knows whose refusal that was. */
  @Test
  void aRefusalIsPassedBackAndTheContentDoesNotCome() {
    try (World world = SendmailWorld.start("sendmail-moments")) {
      world.two().at("refused@two.test", Script.permanent());
      world.two().inSessions(Script.stall(Stage.DATA).times(1));
      Sent sent =
          world.send(Letter.from("told@home.test").to("refused@two.test").to("waiting@two.test"));
      Awaitility.await("DATA at the next hop")
          .atMost(World.PATIENCE)
          .until(() -> world.two().stalled() == 1);

      world.daemon().kill();
      world.two().release();
      world.daemon().start();
      Awaitility.await("the second attempt")
          .atMost(World.PATIENCE)
          .until(
              () -> {
                world.mta().runQueue();
                return world.entry(sent).fate("waiting@two.test").status().equals("relayed");
              });

      JournalEntry entry = world.entry(sent);
      assertEquals("queued", entry.fate("refused@two.test").status(), entry::toString);
      assertEquals(Optional.empty(), entry.fate("refused@two.test").reply());
      assertEquals(1, world.two().received("waiting@two.test").size());
      Awaitility.await("sendmail's own bounce")
          .atMost(World.PATIENCE)
          .until(() -> world.home().received("told@home.test").size() == 1);
    }
  }
}
