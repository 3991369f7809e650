package org.mailjournal.receipt;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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
import org.mailjournal.journal.SetClock;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

/** A desk on one thread, with a clock that is set, for the tests of what it does. */
abstract class DeskHouse {
  static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
  static final Duration PATIENCE = Duration.ofMinutes(15);
  static final Duration QUIET = Duration.ofMillis(400);
  static final Address ADA = new Address("ada@example.org");
  static final Address BOB = new Address("bob@example.net");
  static final Address EVE = new Address("eve@example.net");

  // One for all: to make a key takes a while.
  @TempDir private static Path directory;

  final MemoryJournal journal = new MemoryJournal();
  final SubmissionServer server = new SubmissionServer();
  final SetClock clock = new SetClock(NOON);
  private final AtomicInteger tokens = new AtomicInteger();
  Desk desk;
  boolean isAudited = true;
  int mostAtHand = 1_000;

  /** Who sends; at once, if a test has nobody else. */
  Executor threads = Runnable::run;

  @BeforeEach
  void start() {
    desk = desk(100);
  }

  @AfterEach
  void close() {
    server.close();
  }

  static Path ownKey() {
    return directory.resolve("key.p12");
  }

  Desk desk(int limit) {
    return desk(limit, Optional.empty());
  }

  Desk desk(int limit, Optional<Path> key) {
    return desk(limit, key, false);
  }

  /** One whose MTA reaches mailboxes through the relay. */
  Desk hearingDesk() {
    return desk(100, Optional.empty(), true);
  }

  private Desk desk(int limit, Optional<Path> key, boolean hearsMailboxes) {
    ReceiptSettings settings =
        new ReceiptSettings(
            PATIENCE,
            SubmissionSettings.plain("127.0.0.1", server.port()),
            limit,
            new Address("postmaster@example.org"),
            "Receipts",
            Optional.empty(),
            "HEADERS",
            new SigningSettings(
                key, Optional.empty(), ownKey(), "mail.example.org", Optional.empty()),
            "mail.example.org",
            "1",
            List.of(),
            true,
            hearsMailboxes);
    Dispatch.Tools tools =
        new Dispatch.Tools(
            journal,
            Workshop.writing(settings, Workshop.key(settings, clock), journal, clock),
            Workshop.submission(settings, Duration.ofSeconds(20)),
            new HandIn(),
            new Recognition(
                journal,
                isAudited ? Optional.empty() : Optional.of(PATIENCE.multipliedBy(8)),
                clock::nanos),
            new HourlyLimit(limit));
    Watch watch = Watch.begin(journal, clock, clock::nanos);
    Desk made =
        new Desk(
            new Desk.Settings(
                PATIENCE, QUIET, hearsMailboxes, new Networks(List.of("192.0.2.0/24")), mostAtHand),
            journal,
            watch,
            () -> "token" + tokens.incrementAndGet(),
            d -> new Dispatch(d, tools, task -> threads.execute(task), watch));
    made.load();
    return made;
  }

  /** The daemon died and came back. */
  void restart() {
    desk = desk(100);
    settle();
  }

  MessageKey received(String queueId, Address sender, Address... recipients) {
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

  void news(MessageKey key, Address recipient, Status status) {
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

  /** The milter knows that nobody will tell, as of sendmail's own mailers. */
  void untold(MessageKey key, Address recipient) {
    List<Event> events =
        List.of(
            new Event.Unreported(
                clock.instant(), Source.MILTER, key, Recipient.of(recipient), "nobody tells"));
    journal.record(events).join();
    desk.noticed(events);
  }

  void after(Duration time) {
    clock.pass(time);
    settle();
  }

  /** Somebody sets the clock. */
  void set(Duration forward) {
    clock.set(forward);
    settle();
  }

  /** Turns until nothing more happens at this moment. */
  void settle() {
    for (int turn = 0; turn < 6; turn++) {
      desk.turn();
    }
  }

  List<String> steps() {
    return journal.all().stream()
        .filter(ReceiptEvent.class::isInstance)
        .map(DeskHouse::step)
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

  void due(MessageKey key, String id) {
    journal
        .record(
            List.of(
                new ReceiptEvent.Due(clock.instant(), Source.ADMIN, key, ReceiptKind.FINAL, id)))
        .join();
  }

  /** A receipt on its way through the MTA and our milter. */
  MessageKey passing(String queueId, String id) {
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
}
