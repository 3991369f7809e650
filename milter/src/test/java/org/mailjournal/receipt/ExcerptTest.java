package org.mailjournal.receipt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MemoryJournal;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.RecipientState;
import org.mailjournal.journal.RecordedEvent;
import org.mailjournal.journal.Remote;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

/** However many recipients and attempts: a receipt that an MTA takes. */
final class ExcerptTest {
  /** Postfix's message_size_limit. */
  private static final int LARGEST_MESSAGE = 10_240_000;

  private static final int RECIPIENTS = 10_000;
  private static final int PASSES = 12;

  @Test
  void aFewAreAllThere() {
    MessageState message = Facts.of(Facts.relayed("a@x.org"), Facts.failed("b@x.org")).message();
    List<RecordedEvent> events = delays(message, 2);
    Excerpt excerpt = Excerpt.of(message);

    assertEquals(0, excerpt.others());
    assertEquals(
        List.of(Status.FAILED, Status.RELAYED),
        excerpt.recipients().stream().map(RecipientState::status).toList());
    assertSame(events, excerpt.events(events));
  }

  @Test
  void failuresComeBeforeThoseForWhomThereIsNoRoom() {
    MessageState message = many(RECIPIENTS, 3);
    Excerpt excerpt = Excerpt.of(message);

    assertEquals(RECIPIENTS - Excerpt.MOST_RECIPIENTS, excerpt.others());
    assertEquals(3, excerpt.recipients().stream().filter(r -> r.status() == Status.FAILED).count());
    assertEquals(Status.FAILED, excerpt.recipients().get(2).status());
  }

  @Test
  void ofManyDelaysTheFirstAndTheLastStay() {
    MessageState message = many(100, 0);
    List<RecordedEvent> all = delays(message, 100);

    List<RecordedEvent> kept = Excerpt.of(message).events(all);

    assertEquals(200, kept.size());
    assertEquals(all.get(0), kept.get(0));
    assertEquals(all.get(all.size() - 1), kept.get(kept.size() - 1));
  }

  @Test
  void thousandsOfAliasesAreCountedInLittleTime() {
    List<RecipientState> rows = new ArrayList<>();
    for (int i = 0; i < RECIPIENTS; i++) {
      Address alias = new Address("alias" + i + "@x.org");
      rows.add(Facts.state(alias.text(), Status.EXPANDED, "2.0.0", Remote.NONE, null, null));
      RecipientState target = Facts.unreported("target" + i + "@x.org");
      rows.add(
          new RecipientState(
              new Recipient(target.recipient().address(), Optional.of(alias)),
              target.asked(),
              target.mailer(),
              target.status(),
              target.dsn(),
              target.remote(),
              target.reply(),
              target.reason(),
              target.attempts(),
              target.source(),
              target.at()));
    }
    MessageState message = Facts.of(rows.toArray(RecipientState[]::new)).message();

    Summary summary = assertTimeout(Duration.ofSeconds(5), () -> Summary.of(message));

    assertEquals(RECIPIENTS, summary.total());
  }

  @Test
  void aReceiptForThousandsIsOfASizeThatMtasTake() {
    MessageState message = many(RECIPIENTS, 3);
    History history = new History();
    delays(message, PASSES).forEach(history);
    Clock clock = Clock.fixed(Facts.HANDED_IN, ZoneOffset.UTC);
    Writing writing =
        new Writing(
            new MemoryJournal(),
            Facts.composer("en"),
            new Evidence.Witness("mail.example.org", "1"),
            clock);

    byte[] receipt =
        writing.write(
            Notice.Kind.FINAL, message, history, new Address("alice@example.org"), "receipt.1");

    assertTrue(receipt.length < LARGEST_MESSAGE, receipt.length + " octets");
    String text = new String(receipt, StandardCharsets.ISO_8859_1);
    assertTrue(text.contains("Recipients-Left-Out: " + (RECIPIENTS - Excerpt.MOST_RECIPIENTS)));
    assertTrue(text.contains("9,000 more recipients are not listed here"));
  }

  @Test
  void hoursOfDelaysTakeNoMoreRoomThanTheFirstAndTheLast() {
    int recipients = 100;
    int passes = 1_000;
    History history = new History();
    int most = 0;
    for (RecordedEvent delay : delays(many(recipients, 0), passes)) {
      history.accept(delay);
      if (delay.sequence() % recipients == 0) {
        most = Math.max(most, history.events().size());
      }
    }
    List<RecordedEvent> kept = history.events();
    int all = recipients * passes;

    assertEquals(2 * Excerpt.MOST_EVENTS, most);
    assertEquals(all, kept.size() + history.leftOut());
    assertEquals(1, kept.get(0).sequence());
    assertEquals(all, kept.get(kept.size() - 1).sequence());
  }

  @Test
  void whatOneReceiptHasRoomForIsAllKept() {
    History history = new History();
    List<RecordedEvent> all = delays(many(100, 0), Excerpt.MOST_EVENTS / 100);
    all.forEach(history);

    assertEquals(all, history.events());
    assertEquals(0, history.leftOut());
  }

  @Test
  void evidenceSaysHowMuchItLacks() {
    MessageState message = many(1, 0);
    String json =
        Evidence.json(
            message.key(),
            delays(message, 2),
            7,
            new Evidence.Witness("mail.example.org", "1"),
            Facts.HANDED_IN);

    assertTrue(json.contains("\"events_left_out\":7"), json);
  }

  private static MessageState many(int recipients, int failed) {
    List<RecipientState> all = new ArrayList<>();
    for (int i = 0; i < recipients; i++) {
      String address = "r" + i + "@example.com";
      all.add(i >= recipients - failed ? Facts.failed(address) : Facts.delayed(address));
    }
    return Facts.of(all.toArray(RecipientState[]::new)).message();
  }

  private static List<RecordedEvent> delays(MessageState message, int passes) {
    List<RecordedEvent> events = new ArrayList<>();
    for (int pass = 0; pass < passes; pass++) {
      Instant at = Facts.HANDED_IN.plusSeconds(60L * pass);
      for (RecipientState state : message.recipients()) {
        Recipient recipient = state.recipient();
        events.add(
            new RecordedEvent(
                events.size() + 1,
                new Event.Outcome(
                    at,
                    Source.PASS,
                    message.key(),
                    recipient,
                    Status.DELAYED,
                    Optional.empty(),
                    Remote.NONE,
                    Optional.of("451 4.7.1 Greylisting in action, please come back later"),
                    Optional.empty(),
                    at.toString())));
      }
    }
    return events;
  }
}
