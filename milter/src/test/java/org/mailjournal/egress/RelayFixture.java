package org.mailjournal.egress;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Asked;
import org.mailjournal.journal.Client;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageId;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.QueueId;
import org.mailjournal.journal.Source;

/** A relay on loopback with a journal of its own. */
final class RelayFixture implements AutoCloseable {
  static final String MTA = "mail.example.org";
  static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

  final MemoryJournal journal = new MemoryJournal();
  private final Path directory;
  private final List<Route> routes = new ArrayList<>();
  private Settings.Timeouts timeouts = timeouts(Duration.ofSeconds(8));
  private Settings.Limits limits = Settings.Limits.USUAL;
  private Settings.Dns dns = Settings.Dns.of(List.of(), 25, Optional.empty());
  private Settings.Listen listen = new Settings.Listen.Inet("127.0.0.1", 0);
  private List<String> clients = List.of();
  private Optional<Path> trust = Optional.empty();
  private Clock clock = Clock.fixed(NOON, ZoneOffset.UTC);
  private EgressRelay relay;

  RelayFixture(Path directory) {
    this.directory = directory;
  }

  static Settings.Timeouts timeouts(Duration all) {
    Duration minute = Duration.ofMinutes(1);
    return new Settings.Timeouts(
        all, all, all, all, all, all, Duration.ofSeconds(20), all, minute, minute);
  }

  RelayFixture route(String domain, FakeHop hop) {
    return route(Route.of(domain, "[127.0.0.1]:" + hop.port(), Optional.empty(), Optional.empty()));
  }

  RelayFixture route(Route route) {
    routes.add(route);
    return this;
  }

  RelayFixture patience(Duration all) {
    timeouts = timeouts(all);
    return this;
  }

  /** How long clients may say nothing. */
  RelayFixture clientPatience(Duration time) {
    return timeouts(time, timeouts.turn(), timeouts.next());
  }

  /** How long they wait for one of the connections to a destination. */
  RelayFixture turnPatience(Duration time) {
    return timeouts(timeouts.client(), time, timeouts.next());
  }

  /** How long a next hop may take for its greeting where there is another. */
  RelayFixture nextPatience(Duration time) {
    return timeouts(timeouts.client(), timeouts.turn(), time);
  }

  private RelayFixture timeouts(Duration client, Duration turn, Duration next) {
    Settings.Timeouts t = timeouts;
    timeouts =
        new Settings.Timeouts(
            t.connect(),
            t.greeting(),
            t.command(),
            t.data(),
            t.block(),
            t.last(),
            client,
            t.commit(),
            turn,
            next);
    return this;
  }

  RelayFixture limits(Settings.Limits some) {
    limits = some;
    return this;
  }

  RelayFixture dns(InetSocketAddress server, int port, InetAddress... own) {
    dns = new Settings.Dns(List.of(server), Duration.ofSeconds(3), port, Optional.of(List.of(own)));
    return this;
  }

  RelayFixture listen(Settings.Listen place) {
    listen = place;
    return this;
  }

  RelayFixture clients(String... networks) {
    clients = List.of(networks);
    return this;
  }

  RelayFixture trust(Path file) {
    trust = Optional.of(file);
    return this;
  }

  /** With a clock that goes on by a millisecond whenever it is looked at. */
  RelayFixture ticking() {
    AtomicLong looks = new AtomicLong();
    InstantSource time = () -> NOON.plusMillis(looks.incrementAndGet());
    clock = time.withZone(ZoneOffset.UTC);
    return this;
  }

  Settings settings() {
    return new Settings(
        listen,
        MTA,
        List.of(MTA),
        routes,
        timeouts,
        limits,
        clients,
        directory.resolve("emergency"),
        dns,
        trust);
  }

  RelayFixture start() {
    relay = new EgressRelay(settings(), journal, journal, clock, new Random(1));
    relay.start();
    return this;
  }

  EgressRelay relay() {
    return relay;
  }

  FakeClient client() throws IOException {
    return FakeClient.greeted(relay.port());
  }

  /** What the milter recorded when the MTA took the message. */
  MessageKey received(String queueId, String sender, String... recipients) {
    return received(queueId, sender, Optional.empty(), recipients);
  }

  /** The same, with sendmail's mailer for the recipients. */
  MessageKey received(
      String queueId, String sender, Optional<String> mailer, String... recipients) {
    MessageKey key = new MessageKey(MTA, new QueueId(queueId), NOON.minusSeconds(60));
    return received(key, new MessageId(queueId + "@example.org"), sender, mailer, recipients);
  }

  MessageKey received(
      MessageKey key, MessageId id, String sender, Optional<String> mailer, String... recipients) {
    return received(key, Source.MILTER, Optional.of(id), sender, mailer, recipients);
  }

  MessageKey received(
      MessageKey key,
      Source source,
      Optional<MessageId> id,
      String sender,
      Optional<String> mailer,
      String... recipients) {
    List<Event.Accepted> accepted =
        List.of(recipients).stream()
            .map(
                r ->
                    new Event.Accepted(
                        new Address(r), Asked.DEFAULT, Optional.empty(), mailer, false))
            .toList();
    return received(key, source, id, sender, accepted);
  }

  private MessageKey received(
      MessageKey key,
      Source source,
      Optional<MessageId> id,
      String sender,
      List<Event.Accepted> accepted) {
    journal
        .record(
            List.of(
                new Event.Received(
                    key.receivedAt(),
                    source,
                    key,
                    id,
                    new Address(sender),
                    Optional.empty(),
                    Client.UNKNOWN,
                    100,
                    List.of(),
                    accepted,
                    List.of())))
        .join();
    return key;
  }

  /** The same of one whom sendmail delivers to under another name. */
  void rewritten(String queueId, String sender, String recipient, String other) {
    MessageKey key = new MessageKey(MTA, new QueueId(queueId), NOON.minusSeconds(60));
    Event.Accepted accepted =
        new Event.Accepted(
            new Address(recipient),
            Asked.DEFAULT,
            Optional.empty(),
            Optional.of("esmtp"),
            false,
            Optional.of(new Address(other)));
    received(
        key,
        Source.MILTER,
        Optional.of(new MessageId(queueId + "@example.org")),
        sender,
        List.of(accepted));
  }

  /** A message as sendmail sends it on. */
  static String message(String queueId) {
    return "Received: from client.example (client.example [192.0.2.7])\r\n"
        + "\tby "
        + MTA
        + " (8.17.1/8.17.1) with ESMTP id "
        + queueId
        + "\r\n\tfor <b@example.net>; Tue, 24 Nov 2026 12:00:00 GMT\r\n"
        + "Message-ID: <"
        + queueId
        + "@example.org>\r\n\r\nHello\r\n";
  }

  List<Event.Outcome> outcomes() {
    return journal.events(Event.Outcome.class);
  }

  Event.Outcome onlyOutcome() {
    List<Event.Outcome> all = outcomes();
    if (all.size() != 1) {
      throw new AssertionError("expected one outcome, got " + all);
    }
    return all.get(0);
  }

  @Override
  public void close() {
    if (relay != null) {
      relay.close();
    }
  }
}
