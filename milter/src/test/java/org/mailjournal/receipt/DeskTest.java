package org.mailjournal.receipt;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.JournalException;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.Status;

/** From the news to the mail. */
class DeskTest extends DeskHouse {
  @Test
  void theFinalReceiptGoesWhenTheLastRecipientIsKnown() {
    MessageKey key = received("A1", ADA, BOB, EVE);
    news(key, BOB, Status.RELAYED);
    after(Duration.ofSeconds(5));
    assertEquals(List.of("wanted"), steps());

    news(key, EVE, Status.FAILED);
    after(QUIET);

    assertEquals(List.of("wanted", "due final", "sent final"), steps());
    assertEquals(1, server.messages().size());
    assertTrue(server.messages().get(0).contains("receipt.A1."), server.messages()::toString);
  }

  @Test
  void nothingGoesWhileNewsStillComes() {
    MessageKey key = received("A1", ADA, BOB);
    news(key, BOB, Status.RELAYED);

    after(QUIET.minusMillis(1));

    assertEquals(List.of("wanted"), steps());
  }

  @Test
  void oneInterimReceiptGoesWhenPatienceEndsAndOneAtTheEnd() {
    MessageKey key = received("A1", ADA, BOB);
    news(key, BOB, Status.DELAYED);
    after(PATIENCE.minusSeconds(1));
    assertEquals(List.of("wanted"), steps());

    after(Duration.ofSeconds(1));
    news(key, BOB, Status.DELAYED);
    after(PATIENCE.multipliedBy(9));
    news(key, BOB, Status.RELAYED);
    after(QUIET);
    after(PATIENCE);

    assertEquals(
        List.of("wanted", "due interim", "sent interim", "due final", "sent final"), steps());
    assertEquals(2, server.messages().size());
  }

  @Test
  void ofWhatNothingMoreIsHeardTheLastReceiptSaysSo() {
    MessageKey key = received("A1", ADA, BOB, EVE);
    news(key, EVE, Status.RELAYED);
    after(PATIENCE);
    after(Story.SILENCE.minus(PATIENCE).minusSeconds(1));
    assertEquals(List.of("wanted", "due interim", "sent interim"), steps());

    after(Duration.ofSeconds(1));

    assertEquals(
        List.of("wanted", "due interim", "sent interim", "due final", "sent final"), steps());
    String last = server.messages().get(1).replace("=\r\n", "");
    assertTrue(last.contains("Nothing more was heard of some recipients"), last);
    assertTrue(last.contains("nothing was heard of it since"), last);
    assertTrue(last.contains("does not show that it still tries"), last);
    assertFalse(last.contains("nothing more is known yet"), last);
  }

  @Test
  void aMailboxThatIsReachedThroughTheRelayMayStillTell() {
    desk = hearingDesk();
    MessageKey key = received("A1", ADA, BOB);
    untold(key, BOB);
    after(PATIENCE.minusSeconds(1));
    assertEquals(List.of("wanted"), steps());

    news(key, BOB, Status.DELIVERED);
    after(QUIET);

    assertEquals(List.of("wanted", "due final", "sent final"), steps());
  }

  @Test
  void withinThePatienceOnly() {
    desk = hearingDesk();
    MessageKey key = received("A1", ADA, BOB);
    untold(key, BOB);
    after(PATIENCE);

    assertEquals(List.of("wanted", "due final", "sent final"), steps());
  }

  @Test
  void theHeaderSectionIsKeptUntilTheLastReceiptIsSent() {
    MessageKey key = received("A1", ADA, BOB);
    after(PATIENCE);
    assertTrue(journal.keptHeader(key).isPresent());
    assertTrue(server.messages().get(0).contains("Subject: lunch"));

    news(key, BOB, Status.RELAYED);
    after(QUIET);

    assertFalse(journal.keptHeader(key).isPresent());
  }

  /** What was known when its turn did not come yet would have been told as if it still were so. */
  @Test
  void whoHasToWaitForATurnIsToldWhatIsKnownThen() throws Exception {
    BlockingQueue<Runnable> sending = new LinkedBlockingQueue<>();
    threads = sending::add;
    for (int i = 0; i < Dispatch.MOST_AT_HAND; i++) {
      received("A" + i, ADA, BOB);
    }
    after(PATIENCE);
    assertEquals(Dispatch.MOST_AT_HAND, sending.size());
    MessageKey late = received("B1", ADA, BOB);
    clock.pass(PATIENCE);

    Thread turning = new Thread(this::settle, "desk");
    turning.start();
    await().until(() -> turning.getState() == Thread.State.WAITING);
    news(late, BOB, Status.RELAYED);
    clock.pass(QUIET);
    threads = Runnable::run;
    sending.take().run();
    turning.join();
    settle();

    List<String> told =
        server.messages().stream().filter(text -> text.contains("Queue-ID: B1")).toList();
    assertEquals(1, told.size(), server.messages()::toString);
    assertTrue(told.get(0).contains("Action: relayed"), told.get(0));
    assertTrue(steps().contains("abandoned interim"), steps()::toString);
  }

  @Test
  void aServerThatIsAwayGetsItWhenItIsBack() {
    server.answer("RCPT", "451 4.3.0 not now");
    MessageKey key = received("A1", ADA, BOB);
    news(key, BOB, Status.RELAYED);
    after(QUIET);
    assertEquals(List.of("wanted", "due final"), steps());

    server.answer("RCPT", "250 2.1.5 Ok");
    after(Duration.ofMinutes(1));

    assertEquals(List.of("wanted", "due final", "sent final"), steps());
    assertEquals(1, server.messages().size());
  }

  @Test
  void whereWhoElseWaitsCannotBeReadTheKnownOnesGetTheirs() {
    journal.hideWhoWaits(true);
    assertThrows(JournalException.class, desk::load);
    MessageKey key = received("A1", ADA, BOB);
    news(key, BOB, Status.RELAYED);

    assertThrows(JournalException.class, () -> after(QUIET));
    assertThrows(JournalException.class, desk::turn);

    assertEquals(List.of("wanted", "due final", "sent final"), steps());
    assertTrue(desk.isBlind());
    journal.hideWhoWaits(false);
    after(QUIET);
    assertFalse(desk.isBlind());
  }

  @Test
  void aRefusalForGoodIsToldAndNotRepeated() {
    server.answer("RCPT", "550 5.1.1 no such user");
    MessageKey key = received("A1", ADA, BOB);
    news(key, BOB, Status.RELAYED);
    after(QUIET);
    after(Duration.ofHours(1));

    assertEquals(List.of("wanted", "due final", "abandoned final"), steps());
    assertEquals(List.of(), journal.receiptsAwaited(Optional.empty(), 10, damaged -> {}));
  }

  @Test
  void whatNobodyTakesIsGivenUpAfterDays() {
    server.answer("MAIL", "451 4.3.0 never");
    MessageKey key = received("A1", ADA, BOB);
    news(key, BOB, Status.RELAYED);
    after(QUIET);
    after(Dispatch.GIVE_UP.plusHours(1));

    assertEquals(List.of("wanted", "due final", "abandoned final"), steps());
  }

  @Test
  void whatTheLimitHoldsBackIsGivenUpAfterDaysToo() {
    desk = desk(1);
    for (int i = 0; i < 200; i++) {
      MessageKey key = received("A" + i, ADA, BOB);
      news(key, BOB, Status.RELAYED);
    }
    after(QUIET);
    for (int hour = 0; hour < 5 * 24 + 2; hour++) {
      after(Duration.ofHours(1));
    }

    assertEquals(List.of(), journal.receiptsAwaited(Optional.empty(), 10, damaged -> {}));
    assertTrue(server.messages().size() > 100, server.messages().size() + " were sent");
    assertTrue(steps().contains("abandoned final"));
  }

  @Test
  void nothingIsKeptOfAMessageWhoseReceiptIsSent() {
    MessageKey key = received("A1", ADA, BOB);
    after(QUIET);
    assertEquals(1, desk.agenda().size(), "the end of the patience");

    news(key, BOB, Status.RELAYED);
    after(QUIET);

    assertEquals(List.of("wanted", "due final", "sent final"), steps());
    assertEquals(0, desk.agenda().size());
  }

  @Test
  void thoseThatWaitForDaysHoldUpNoNewOne() {
    mostAtHand = 2;
    desk = desk(100);
    MessageKey one = received("A1", ADA, BOB);
    received("A2", ADA, BOB);
    after(PATIENCE);
    assertEquals(2, server.messages().size(), "both wait, and say so");

    news(received("A3", ADA, EVE), EVE, Status.RELAYED);
    after(QUIET);
    assertEquals(3, server.messages().size());

    news(one, BOB, Status.RELAYED);
    after(QUIET);
    assertEquals(4, server.messages().size());
  }

  @Test
  void newsOfOneThatFoundNoRoomIsNotMissed() {
    mostAtHand = 1;
    desk = desk(100);
    MessageKey one = received("A1", ADA, BOB);
    MessageKey two = received("A2", ADA, BOB);
    news(two, BOB, Status.RELAYED);
    after(QUIET);
    news(one, BOB, Status.RELAYED);
    after(QUIET);

    assertEquals(2, server.messages().size());
    assertEquals(List.of(), journal.receiptsAwaited(Optional.empty(), 10, damaged -> {}));
  }

  @Test
  void whileNothingCanBeSignedReceiptsWait() throws IOException {
    Path key = Files.writeString(ownKey().resolveSibling("site.p12"), "no key");
    desk = desk(100, Optional.of(key));
    MessageKey message = received("A1", ADA, BOB);
    news(message, BOB, Status.RELAYED);
    after(QUIET);
    after(Duration.ofMinutes(5));
    assertEquals(List.of("wanted", "due final"), steps());
    assertEquals(List.of(), server.commands());

    made(key);
    after(Duration.ofMinutes(1));

    assertEquals(List.of("wanted", "due final", "sent final"), steps());
    assertEquals(1, server.messages().size());
  }

  /** The administrator puts a good one there. */
  private void made(Path key) throws IOException {
    Path good = key.resolveSibling("made.p12");
    SigningSettings settings =
        new SigningSettings(
            Optional.empty(), Optional.empty(), good, "mail.example.org", Optional.empty());
    assertTrue(Signer.open(settings, clock).expires().isAfter(clock.instant()));
    Files.move(good, key, StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void moreThanTheLimitWaitsForTheHourToEnd() {
    desk = desk(1);
    MessageKey one = received("A1", ADA, BOB);
    MessageKey two = received("A2", ADA, BOB);
    news(one, BOB, Status.RELAYED);
    news(two, BOB, Status.RELAYED);
    after(QUIET);
    assertEquals(1, server.messages().size());
    after(Duration.ofMinutes(30));
    assertEquals(
        List.of(
            "the final receipt waits until 2026-11-24T13:00:00Z: <ada@example.org> has had 1 within"
                + " the hour (receipts.limit)"),
        oddities());

    after(Duration.ofMinutes(30));

    assertEquals(2, server.messages().size());
    assertEquals(1, oddities().size());
  }

  private List<String> oddities() {
    return journal.all().stream()
        .filter(Event.Oddity.class::isInstance)
        .map(event -> ((Event.Oddity) event).problem())
        .toList();
  }
}
