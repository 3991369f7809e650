package org.mailjournal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.mailjournal.journal.Event;
import org.sqlite.JDBC;

/** A message with tens of thousands of recipients holds up nobody. */
class LargeMessageTest extends JournalCase {
  @Test
  void appendsToAMessageWithManyRecipientsCostTheSameAtItsEnd() throws Exception {
    int many = 20_000;
    Event.Received mail = mail(many);
    for (int i = 0; i < many; i += 100) {
      journal.record(outcomes(mail, i, 100)).get(60, TimeUnit.SECONDS);
    }
    assertEquals(many, journal.message("A1").orElseThrow().recipients().size());
    assertTrue(journal.message("A1").orElseThrow().isFinished());
    assertEquals(
        List.of(), journal.unfinished(Instant.MAX, Optional.empty(), 10, Assertions::fail));
  }

  /** Whoever read it again would find the damage. */
  @Test
  void itIsNotReadAgainWhenOthersComeInBetween() throws Exception {
    int many = 40_000;
    Event.Received mail = mail(many);
    try (Sql other = Sql.on(JDBC.createConnection(settings.url(), new Properties()))) {
      other.execute("UPDATE event SET body = x'00' WHERE sequence = 1");
    }
    for (int i = 0; i < many; i += 1000) {
      assertEquals(1000, journal.record(outcomes(mail, i, 1000)).get());
      assertEquals(1, journal.record(List.of(Mails.received("N" + i, Mails.NOON))).get());
    }
    assertEquals(0, journal.record(outcomes(mail, 0, 1)).get());
  }

  private Event.Received mail(int recipients) throws Exception {
    String[] addresses =
        IntStream.range(0, recipients).mapToObj(LargeMessageTest::address).toArray(String[]::new);
    Event.Received mail = Mails.mail("A1", Mails.NOON).to(addresses).received();
    journal.record(List.of(mail)).get();
    return mail;
  }

  private static List<Event> outcomes(Event.Received mail, int from, int count) {
    List<Event> outcomes = new ArrayList<>();
    for (int i = from; i < from + count; i++) {
      outcomes.add(Mails.relayed(mail, address(i), "D" + i));
    }
    return outcomes;
  }

  private static String address(int recipient) {
    return "r" + recipient + "@example.com";
  }
}
