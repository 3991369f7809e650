package org.mailjournal.postfix;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Asked;
import org.mailjournal.journal.Client;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MemoryJournal;
import org.mailjournal.journal.MessageId;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.QueueId;
import org.mailjournal.journal.ReceiptEvent;
import org.mailjournal.journal.RecipientState;
import org.mailjournal.journal.Source;

/** A tap on a queue directory of its own, fake services behind it, and a qmgr before it. */
final class TapHouse implements AutoCloseable {
  static final String ID = "A375F2101C1";

  /** Behind the arrival of the message whose files are among the fixtures. */
  static final Instant RECEIVED = Instant.parse("2026-11-24T08:08:00Z");

  /** Of what is received; at first that of the fixtures' queue file. */
  String messageId = "4B618D6A.2070804@local.test";

  static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-24T09:00:00Z"), ZoneOffset.UTC);
  private static final Duration LIMIT = Duration.ofSeconds(30);

  final MemoryJournal journal = new MemoryJournal();
  final Path queue;
  private final Settings settings;
  private final Watchdog watchdog = new Watchdog();
  private final List<Runnable> open = new ArrayList<>();
  private final AtomicBoolean receiptsReplaceReports = new AtomicBoolean();
  private boolean greets = true;

  TapHouse(Path queue) throws IOException {
    this(queue, settings -> settings);
  }

  TapHouse(Path queue, UnaryOperator<Settings> with) throws IOException {
    this.queue = queue;
    this.settings =
        with.apply(
            Settings.of(queue)
                .withTimes(Duration.ofHours(1), Duration.ofSeconds(30), LIMIT, LIMIT)
                .withDrain(Duration.ofSeconds(1)));
    for (String name :
        List.of(
            "private", "trace", "bounce", "defer/A", "active", "deferred", "incoming", "hold")) {
      Files.createDirectories(queue.resolve(name));
    }
  }

  Settings settings() {
    return settings;
  }

  /** Clients and services are those of Postfix 3.5. */
  TapHouse before36() {
    greets = false;
    return this;
  }

  TapHouse withReceiptsOnly(boolean only) {
    receiptsReplaceReports.set(only);
    return this;
  }

  /** The sender gets a receipt. */
  void wanted(MessageKey key) {
    record(new ReceiptEvent.Wanted(RECEIVED, Source.MILTER, key, new Address("s@x"), "always"));
  }

  void record(Event event) {
    journal.record(List.of(event)).join();
  }

  TapHouse started() {
    return started(known -> known);
  }

  /** With what is known of the instance later. */
  TapHouse started(UnaryOperator<Settings> again) {
    PassTap tap =
        new PassTap(settings, again, journal, journal, CLOCK, receiptsReplaceReports::get);
    tap.start();
    open.add(0, tap::close);
    return this;
  }

  /** The daemon starts anew beside the same journal. */
  TapHouse restarted() {
    open.remove(0).run();
    return started();
  }

  FakeService service(String name, IntSupplier status) throws IOException {
    return service(name, request -> Optional.of(AttributeList.status(status.getAsInt())));
  }

  FakeService service(String name, Function<AttributeList, Optional<AttributeList>> answers)
      throws IOException {
    FakeService service = new FakeService(settings.socket(name), greets, answers);
    open.add(service::close);
    return service;
  }

  /** A message of the journal. */
  MessageKey received(String id, String sender, Event.Accepted... accepted) {
    return received(id, RECEIVED, sender, accepted);
  }

  MessageKey received(String id, Instant at, String sender, Event.Accepted... accepted) {
    MessageKey key = new MessageKey("mail.example.org", new QueueId(id), at);
    journal
        .record(
            List.of(
                new Event.Received(
                    at,
                    Source.MILTER,
                    key,
                    Optional.of(new MessageId(messageId)),
                    new Address(sender),
                    Optional.empty(),
                    Client.UNKNOWN,
                    100,
                    List.of(),
                    List.of(accepted),
                    List.of())))
        .join();
    return key;
  }

  /** The message whose files are among the fixtures, as the milter told of it. */
  MessageKey receivedFixture(Asked asked) {
    return receivedFixture(RECEIVED, asked);
  }

  MessageKey receivedFixture(Instant at, Asked asked) {
    return received(
        ID,
        at,
        "games@local.test",
        accepted("one@ok.example", asked),
        accepted("\"two words\"@ok.example", Asked.DEFAULT),
        accepted("Three@later.example", Asked.DEFAULT),
        accepted("team@alias.example", Asked.DEFAULT),
        accepted("\"q<x\"@later.example", Asked.DEFAULT));
  }

  static Event.Accepted accepted(String address, Asked asked) {
    return new Event.Accepted(
        new Address(address), asked, Optional.empty(), Optional.empty(), true);
  }

  static Event.Accepted unmarked(String address) {
    return new Event.Accepted(
        new Address(address), Asked.DEFAULT, Optional.empty(), Optional.empty(), false);
  }

  /** Puts the fixtures where Postfix has them at the end of a pass. */
  TapHouse withFiles() throws IOException {
    Files.write(queue.resolve("trace").resolve(ID), Fixtures.bytes("short/trace"));
    Files.write(queue.resolve("defer/A").resolve(ID), Fixtures.bytes("short/defer"));
    Files.write(queue.resolve("active").resolve(ID), Fixtures.bytes("short/queue"));
    return this;
  }

  /** Those of another message, with as many of the files as it has. */
  TapHouse withFiles(String kind) throws IOException {
    for (String name : List.of("trace", "bounce", "defer", "queue")) {
      byte[] content = Fixtures.bytes(kind + "/" + name);
      if (content.length > 0) {
        String place = name.equals("queue") ? "active" : name.equals("defer") ? "defer/A" : name;
        Files.write(queue.resolve(place).resolve(ID), content);
      }
    }
    return this;
  }

  /** Each recipient of the message, a word and its addresses. */
  List<String> rows(MessageKey key) {
    return journal.state(key).orElseThrow().recipients().stream().map(TapHouse::words).toList();
  }

  private static String words(RecipientState row) {
    return row.status().word()
        + " "
        + row.recipient().address()
        + row.recipient().original().map(original -> " of " + original).orElse("");
  }

  Path file(String name, String content) throws IOException {
    return Files.writeString(queue.resolve(name), content);
  }

  /** As a delivery agent's record comes into a file. */
  static void append(Path file, String record) {
    try {
      Files.writeString(file, record, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A queue file that arrived at this second. */
  Path queueFile(String name, long arrival, String sender, String... records) throws IOException {
    List<byte[]> parts = new ArrayList<>();
    parts.add(Fixtures.record('T', arrival + " 0"));
    parts.add(Fixtures.record('S', sender));
    for (String record : records) {
      parts.add(Fixtures.record(record.charAt(0), record.substring(1)));
    }
    parts.add(Fixtures.record('E', ""));
    Path path = Files.write(queue.resolve(name), Fixtures.join(parts.toArray(byte[][]::new)));
    return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
  }

  static AttributeList request(int command, int flags, String id, String sender) {
    return AttributeList.of(
        "nrequest",
        Integer.toString(command),
        "flags",
        Integer.toString(flags),
        "queue_name",
        "active",
        "queue_id",
        id,
        "encoding",
        "",
        "smtputf8",
        "0",
        "sender",
        sender,
        "envelope_id",
        "",
        "ret_flags",
        "0");
  }

  static AttributeList trace(int flags) {
    return request(5, flags, ID, "games@local.test");
  }

  /** Asks as abounce.c does. */
  int ask(String service, AttributeList request) throws IOException {
    try (SocketChannel channel = connect(service)) {
      Peer peer = new Peer(channel, watchdog);
      if (greets && !peer.read(LIMIT).orElseThrow().isGreeting()) {
        throw new IOException("expected a greeting");
      }
      peer.write(request, LIMIT);
      return peer.read(LIMIT).orElseThrow().number("status").orElseThrow();
    }
  }

  SocketChannel connect(String service) throws IOException {
    return SocketChannel.open(UnixDomainSocketAddress.of(settings.socket(service)));
  }

  /** Everything that comes until the tap closes the connection. */
  static byte[] readAll(SocketChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(4096);
    while (channel.read(buffer) >= 0 && buffer.hasRemaining()) {
      // More may come.
    }
    return Arrays.copyOf(buffer.array(), buffer.position());
  }

  /** What the journal has of outcomes, a word and an address each. */
  List<String> outcomes() {
    List<String> words = new ArrayList<>();
    for (Event event : journal.all()) {
      if (event instanceof Event.Outcome outcome) {
        words.add(outcome.kind() + " " + outcome.recipient().address());
      } else if (event instanceof Event.Unreported unreported) {
        words.add(unreported.kind() + " " + unreported.recipient().address());
      }
    }
    return words;
  }

  List<Event.Outcome> details() {
    return journal.all().stream()
        .filter(Event.Outcome.class::isInstance)
        .map(Event.Outcome.class::cast)
        .toList();
  }

  List<Event.Oddity> oddities() {
    return journal.all().stream()
        .filter(Event.Oddity.class::isInstance)
        .map(Event.Oddity.class::cast)
        .toList();
  }

  void audit() {
    audit(Set.of("mail.example.org"));
  }

  void audit(Set<String> mtas) {
    audit(mtas, System::nanoTime).run();
  }

  QueueAudit audit(Set<String> mtas, LongSupplier nanos) {
    Settings own = settings.withInstance(Optional.empty(), mtas);
    return new QueueAudit(own, new QueuePaths(own), journal, journal, CLOCK, nanos);
  }

  @Override
  public void close() {
    open.forEach(Runnable::run);
    watchdog.close();
  }
}
