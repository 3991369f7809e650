package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.mailjournal.journal.Bytes;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.RecordedEvent;
import org.mailjournal.store.Settings;
import org.mailjournal.store.SqliteJournal;

/** What the journal cannot read any more is told of, and holds up no mail. */
class DamagedMessageTest {
  @Test
  void itsBounceGoesOutAndWhatPostfixToldIsKept() throws Exception {
    try (World world =
        PostfixWorld.start("damaged", UnaryOperator.identity(), "postfix.audit = 1s")) {
      world
          .two()
          .at(
              "busy@two.test",
              Script.answer(Stage.RCPT, Reply.of(450, "4.2.0 wait")).then(Script.permanent()));
      Sent sent = world.send(Letter.from("ada@home.test").to("busy@two.test"));
      world.attempted(sent, "busy@two.test", 1);
      String url =
          "jdbc:sqlite:" + world.daemon().configuration().resolveSibling(Path.of("journal.db"));
      long last = damageAll(url);

      world.mta().runQueue();

      Awaitility.await("the bounce")
          .atMost(World.PATIENCE)
          .until(() -> world.home().received("ada@home.test").size() == 1);
      world.awaitQueueEmpty();
      List<Event.Oddity> told = oddities(url, last);
      assertTrue(
          told.stream()
              .anyMatch(
                  oddity ->
                      oddity.problem().contains("damaged")
                          && Bytes.text(oddity.excerpt().toArray())
                              .contains("recipient=busy@two.test")),
          told::toString);
      Sent next = world.send(Letter.from("ada@home.test").to("fine@two.test"));
      assertEquals("relayed", world.settled(next).fate("fine@two.test").status());
    }
  }

  /** The last sequence number of what is damaged. */
  private static long damageAll(String url) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("UPDATE event SET body = x'00' WHERE message IS NOT NULL");
      try (ResultSet row = statement.executeQuery("SELECT max(sequence) FROM event")) {
        return row.getLong(1);
      }
    }
  }

  private static List<Event.Oddity> oddities(String url, long after) {
    try (JournalReader journal = SqliteJournal.openReadOnly(Settings.of(url))) {
      return journal.eventsAfter(after, 100).stream()
          .map(RecordedEvent::event)
          .filter(Event.Oddity.class::isInstance)
          .map(Event.Oddity.class::cast)
          .toList();
    }
  }
}
