package org.mailjournal.receipt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Asked;
import org.mailjournal.journal.Bytes;
import org.mailjournal.journal.Client;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.KeptHeader;
import org.mailjournal.journal.MemoryJournal;
import org.mailjournal.journal.MessageId;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.QueueId;
import org.mailjournal.journal.ReceiptEvent;
import org.mailjournal.journal.ReceiptKind;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.Remote;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

/** From the news to the mail, on one thread, with a clock that is set. */
class DeskTest {
  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
  private static final Duration PATIENCE = Duration.ofMinutes(15);
  private static final Duration QUIET = Duration.ofMillis(400);
  private static final Address ADA = new Address("ada@example.org");
  private static final Address BOB = new Address("bob@example.net");
  private static final Address EVE = new Address("eve@example.net");

  // One for all: to make a key takes a while.
  @TempDir private static Path directory;

  private final MemoryJournal journal = new MemoryJournal();
  private final SubmissionServer server = new SubmissionServer();
  private final SetClock clock = new SetClock();
  private final AtomicInteger tokens = new AtomicInteger();
  private Desk desk;

  private static final class SetClock extends Clock {
    private Instant now = NOON;

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  @BeforeEach
  void start() {
    desk = desk(100);
  }

  @AfterEach
  void close() {
    server.close();
  }

  private Desk desk(int limit) {
    ReceiptSettings settings =
        new ReceiptSettings(
            PATIENCE,
            "127.0.0.1",
            server.port(),
            limit,
            new Address("postmaster@example.org"),
            "Receipts",
            Optional.empty(),
            "HEADERS",
            new SigningSettings(
                Optional.empty(),
                Optional.empty(),
                directory.resolve("key.p12"),
                "mail.example.org",
                Optional.empty()),
            "mail.example.org",
            "1");
    Dispatch.Tools tools =
        new Dispatch.Tools(
            journal,
            Workshop.writing(settings, journal, clock),
            Workshop.submission(settings, Duration.ofSeconds(20)),
            new Recognition(journal),
            new HourlyLimit(limit));
    Desk made =
        new Desk(
            new Desk.Settings(PATIENCE, QUIET),
            journal,
            clock,
            () -> "token" + tokens.incrementAndGet(),
            d -> new Dispatch(d, tools, Runnable::run, clock));
    made.load();
    return made;
  }

  /** The daemon died and came back. */
  private void restart() {
    desk = desk(100);
    settle();
  }

  private MessageKey received(String queueId, Address sender, Address... recipients) {
    MessageKey key = new MessageKey("mail.example.org", new QueueId(queueId), clock.instant());
    List<Event> events = new ArrayList<>();
    events.add(
        new Event.Received(
            clock.instant(),
            Source.MILTER,
            key,
            MessageId.ofField("<" + queueId + "@example.org>"),
            sender,
            Optional.empty(),
            Client.UNKNOWN,
            100,
            List.of(),
            List.of(recipients).stream()
                .map(
                    to ->
                        new Event.Accepted(
                            to, Asked.DEFAULT, Optional.empty(), Optional.empty(), true))
                .toList(),
            List.of(),
            Optional.empty()));
    events.add(new ReceiptEvent.Wanted(clock.instant(), Source.MILTER, key, ADA, "always"));
    byte[] section = "Subject: lunch\r\n".getBytes(StandardCharsets.US_ASCII);
    journal.record(events, new KeptHeader(key, Bytes.head(section, section.length))).join();
    desk.noticed(events);
    return key;
  }

  private void news(MessageKey key, Address recipient, Status status) {
    List<Event> events =
        List.of(
            new Event.Outcome(
                clock.instant(),
                Source.PASS,
                key,
                Recipient.of(recipient),
                status,
                Optional.empty(),
                Remote.NONE,
                Optional.of("250 2.0.0 fine"),
                Optional.empty(),
                clock.instant().toString()));
    journal.record(events).join();
    desk.noticed(events);
  }

  private void after(Duration time) {
    clock.now = clock.now.plus(time);
    settle();
  }

  /** Turns until nothing more happens at this moment. */
  private void settle() {
    for (int turn = 0; turn < 6; turn++) {
      desk.turn();
    }
  }

  private List<String> steps() {
    return journal.all().stream()
        .filter(ReceiptEvent.class::isInstance)
        .map(DeskTest::step)
        .toList();
  }

  private static String step(Event event) {
    if (event instanceof ReceiptEvent.Due due) {
      return "due " + due.receipt().word();
    } else if (event instanceof ReceiptEvent.Sent sent) {
      return "sent " + sent.receipt().word();
    } else if (event instanceof ReceiptEvent.Abandoned abandoned) {
      return "abandoned " + abandoned.receipt().word();
    }
    return "wanted";
  }

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
  void theHeaderSectionIsKeptUntilTheLastReceiptIsSent() {
    MessageKey key = received("A1", ADA, BOB);
    after(PATIENCE);
    assertTrue(journal.keptHeader(key).isPresent());
    assertTrue(server.messages().get(0).contains("Subject: lunch"));

    news(key, BOB, Status.RELAYED);
    after(QUIET);

    assertFalse(journal.keptHeader(key).isPresent());
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
  void aRefusalForGoodIsToldAndNotRepeated() {
    server.answer("RCPT", "550 5.1.1 no such user");
    MessageKey key = received("A1", ADA, BOB);
    news(key, BOB, Status.RELAYED);
    after(QUIET);
    after(Duration.ofHours(1));

    assertEquals(List.of("wanted", "due final", "abandoned final"), steps());
    assertEquals(List.of(), journal.receiptsAwaited(Optional.empty(), 10));
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
  void whatWaitsAtTheEndGoesOnceAfterARestart() {
    MessageKey key = received("A1", ADA, BOB);
    news(key, BOB, Status.RELAYED);

    clock.now = clock.now.plus(Duration.ofHours(2));
    restart();
    restart();

    assertEquals(List.of("wanted", "due final", "sent final"), steps());
    assertEquals(1, server.messages().size());
  }

  @Test
  void anIntentionFromBeforeACrashIsCarriedOutUnderItsOwnName() {
    MessageKey key = received("A1", ADA, BOB);
    news(key, BOB, Status.RELAYED);
    due(key, "receipt.A1.before");

    restart();

    assertEquals(List.of("wanted", "due final", "sent final"), steps());
    assertTrue(server.messages().get(0).contains("receipt.A1.before"));
  }

  private void due(MessageKey key, String id) {
    journal
        .record(
            List.of(
                new ReceiptEvent.Due(clock.instant(), Source.ADMIN, key, ReceiptKind.FINAL, id)))
        .join();
  }

  @Test
  void aReceiptThatTheJournalSawComeInIsNotSentAgainAfterACrash() {
    MessageKey key = received("A1", ADA, BOB);
    news(key, BOB, Status.RELAYED);
    due(key, "receipt.A1.sent");
    MessageKey receipt = passing("R1", "receipt.A1.sent");
    news(receipt, ADA, Status.DELIVERED);

    restart();

    assertEquals(List.of("wanted", "due final", "sent final"), steps());
    assertEquals(List.of(), server.messages());
  }

  @Test
  void aReceiptThatTheMtaDidNotTakeIsSentAgainAfterACrash() {
    MessageKey key = received("A1", ADA, BOB);
    news(key, BOB, Status.RELAYED);
    due(key, "receipt.A1.lost");
    MessageKey receipt = passing("R1", "receipt.A1.lost");
    restart();
    assertEquals(List.of("wanted", "due final"), steps());

    journal
        .record(
            List.of(
                new Event.Unreported(
                    clock.instant(), Source.QUEUE, receipt, Recipient.of(ADA), "gone")))
        .join();
    after(Duration.ofMinutes(1));

    assertEquals(List.of("wanted", "due final", "sent final"), steps());
    assertEquals(1, server.messages().size());
  }

  @Test
  void aMailThatIsNoReceiptCannotPassForOne() {
    MessageKey key = received("A1", ADA, BOB);
    news(key, BOB, Status.RELAYED);
    due(key, "receipt.A1.forged");
    MessageKey forged = passing("R1", "receipt.A1.forgedX");
    news(forged, ADA, Status.DELIVERED);

    restart();

    assertEquals(1, server.messages().size());
  }

  /** A receipt on its way through the MTA and our milter. */
  private MessageKey passing(String queueId, String id) {
    MessageKey key = new MessageKey("mail.example.org", new QueueId(queueId), clock.instant());
    journal
        .record(
            List.of(
                new Event.Received(
                    clock.instant(),
                    Source.MILTER,
                    key,
                    MessageId.ofField("<" + id + "@mail.example.org>"),
                    Address.NULL,
                    Optional.empty(),
                    Client.UNKNOWN,
                    100,
                    List.of(),
                    List.of(
                        new Event.Accepted(
                            ADA, Asked.DEFAULT, Optional.empty(), Optional.empty(), true)),
                    List.of(),
                    Optional.empty())))
        .join();
    return key;
  }

  @Test
  void aCutConnectionBehindTheContentIsLookedUpBeforeItIsTriedAgain() {
    server.answer(".", SubmissionServer.CUT);
    MessageKey key = received("A1", ADA, BOB);
    news(key, BOB, Status.RELAYED);
    after(QUIET);
    MessageKey receipt = passing("R1", "receipt." + key.id() + ".token1");
    news(receipt, ADA, Status.DELIVERED);

    after(Duration.ofMinutes(1));

    assertEquals(List.of("wanted", "due final", "sent final"), steps());
    assertEquals(1, server.messages().size());
  }

  @Test
  void aJournalThatCannotCommitTheEndDoesNotMakeASecondMail() {
    MessageKey key = received("A1", ADA, BOB);
    news(key, BOB, Status.RELAYED);
    due(key, "receipt.A1.full");
    journal.refuse(true);
    restart();
    assertEquals(1, server.messages().size());

    journal.refuse(false);
    after(Duration.ofMinutes(1));

    assertEquals(List.of("wanted", "due final", "sent final"), steps());
    assertEquals(1, server.messages().size());
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

    after(Duration.ofHours(1));

    assertEquals(2, server.messages().size());
  }
}
