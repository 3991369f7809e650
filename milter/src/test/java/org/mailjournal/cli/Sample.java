package org.mailjournal.cli;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Asked;
import org.mailjournal.journal.Client;
import org.mailjournal.journal.Coverage;
import org.mailjournal.journal.EnhancedStatus;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageId;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.QueueId;
import org.mailjournal.journal.ReceiptEvent;
import org.mailjournal.journal.ReceiptKind;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.Remote;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

/** Mail of one morning at mail.example.org. */
final class Sample {
  static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
  static final MessageKey MIXED = key("4B61820C0A", "2026-11-24T09:01:00.123Z");
  static final MessageKey FILTERED = key("4B61830C0B", "2026-11-24T10:00:00Z");
  static final MessageKey AGAIN = key("4B61840C0C", "2026-11-24T10:00:02.500Z");

  private Sample() {}

  static MessageKey key(String queueId, String at) {
    return new MessageKey("mail.example.org", new QueueId(queueId), Instant.parse(at));
  }

  /** Every status but one on one message, and a second that a content filter brought back. */
  static FixtureReader journal() {
    return listening().record(mixed()).record(mixedOutcomes()).record(filtered());
  }

  /** Made from a queue file. */
  static Event.Received foundling() {
    MessageKey key = key("F0UND", "2026-11-24T11:00:00Z");
    return new Event.Received(
        key.receivedAt().plusSeconds(5),
        Source.PASS,
        key,
        Optional.empty(),
        new Address("a@b"),
        Optional.empty(),
        Client.UNKNOWN,
        1,
        List.of(),
        List.of(
            new Event.Accepted(
                new Address("c@d"), Asked.DEFAULT, Optional.empty(), Optional.empty(), true)),
        List.of());
  }

  /** Made from a content on its way out. */
  static Event.Received seenByRelay() {
    MessageKey key = key("RELAY1", "2026-11-24T11:00:00Z");
    return new Event.Received(
        key.receivedAt(),
        Source.EGRESS,
        key,
        Optional.empty(),
        new Address("a@b"),
        Optional.empty(),
        Client.UNKNOWN,
        1,
        List.of(),
        List.of(),
        List.of());
  }

  /** With every kind of event, and every value that one can have. */
  static FixtureReader everything() {
    Instant at = MIXED.receivedAt();
    return journal()
        .record(
            new Event.Received(
                at,
                Source.MILTER,
                key("FULL", "2026-11-24T11:00:00Z"),
                Optional.empty(),
                Address.NULL,
                Optional.empty(),
                Client.UNKNOWN,
                1,
                List.of(),
                List.of(
                    new Event.Accepted(
                        new Address("a@b"),
                        Asked.DEFAULT,
                        Optional.of("rfc822;a@b"),
                        Optional.of("smtp"),
                        true)),
                List.of()),
            new Event.Outcome(
                at,
                Source.EGRESS,
                MIXED,
                new Recipient(new Address("x@y"), Optional.of(new Address("a@b"))),
                Status.RELAYED,
                EnhancedStatus.of("2.0.0"),
                new Remote(
                    Optional.of("mx.y"), Optional.of("192.0.2.1:25"), Optional.of("TLSv1.3")),
                Optional.of("250 ok"),
                Optional.of("ok"),
                ""),
            Event.Oddity.of(at, Source.PASS, Optional.of(MIXED), "pass", "odd", new byte[] {1}),
            new Event.Started(at, Source.ADMIN, "mail", "0.1.0"),
            new Event.Stopped(at, Source.ADMIN, "mail"));
  }

  /** Every step that a receipt can take. */
  static List<ReceiptEvent> receipts() {
    return List.of(
        new ReceiptEvent.Wanted(
            NOON, Source.MILTER, MIXED, new Address("games@example.org"), "always, for everybody"),
        new ReceiptEvent.Due(NOON, Source.ADMIN, MIXED, ReceiptKind.INTERIM, "receipt.1"),
        new ReceiptEvent.Sent(
            NOON, Source.ADMIN, MIXED, ReceiptKind.INTERIM, "receipt.1", "250 2.0.0 Ok"),
        new ReceiptEvent.Abandoned(
            NOON, Source.ADMIN, MIXED, ReceiptKind.FINAL, "550 5.1.1 no such user"));
  }

  static FixtureReader listening() {
    return new FixtureReader()
        .listened(span("2026-11-01T00:00:00Z", "2026-11-20T06:00:00Z", true))
        .listened(span("2026-11-20T06:10:00Z", "2026-11-22T03:00:00Z", false))
        .listened(
            new Coverage.Span(Instant.parse("2026-11-22T05:30:00Z"), Optional.empty(), false));
  }

  static Coverage.Span span(String from, String until, boolean clean) {
    return new Coverage.Span(Instant.parse(from), Optional.of(Instant.parse(until)), clean);
  }

  static Event.Received received(
      MessageKey key, List<QueueId> trail, List<Event.Accepted> accepted, Event.Rejected... no) {
    return new Event.Received(
        key.receivedAt(),
        Source.MILTER,
        key,
        MessageId.ofField("<4B618D6A.2070804@example.org>"),
        new Address("games@example.org"),
        Optional.of("games"),
        new Client(
            Optional.of("client.example.org"),
            Optional.of("192.0.2.77"),
            Optional.of("laptop"),
            Optional.of("TLSv1.3 TLS_AES_256_GCM_SHA384")),
        399,
        trail,
        accepted,
        List.of(no));
  }

  static Event.Accepted accepted(String address, Asked asked, String mailer) {
    return new Event.Accepted(
        new Address(address), asked, Optional.empty(), Optional.of(mailer), true);
  }

  private static Event mixed() {
    return received(
        MIXED,
        List.of(),
        List.of(
            accepted("ann@example.com", Asked.DEFAULT, "smtp"),
            accepted("bob@example.net", Asked.NEVER, "smtp"),
            accepted(
                "cy@example.edu",
                Asked.of(Set.of(Asked.Notice.SUCCESS, Asked.Notice.FAILURE)),
                "smtp"),
            accepted("dora@example.org", Asked.DEFAULT, "local"),
            accepted("staff@example.org", Asked.DEFAULT, "local"),
            accepted("eve@example.org", Asked.DEFAULT, "local"),
            accepted("fred@example.info", Asked.DEFAULT, "smtp")),
        new Event.Rejected(
            new Address("nobody@example.org"),
            EnhancedStatus.of("5.1.1"),
            "5.1.1 <nobody@example.org>: User unknown"));
  }

  private static Event[] mixedOutcomes() {
    return new Event[] {
      outcome("ann@example.com", Status.RELAYED, "2026-11-24T09:01:02Z", "2.0.0")
          .far("mx.example.com", "192.0.2.1:25")
          .reply("250 2.0.0 Ok: queued as 51E02514002")
          .event(),
      outcome("bob@example.net", Status.DELAYED, "2026-11-24T09:01:03Z", "4.2.0")
          .reason("host mx.example.net[192.0.2.2] said: 450 4.2.0 Greylisted (in reply to RCPT TO)")
          .event(),
      outcome("bob@example.net", Status.DELAYED, "2026-11-24T09:31:03Z", "4.2.0")
          .reason("host mx.example.net[192.0.2.2] said: 450 4.2.0 Still greylisted")
          .event(),
      outcome("cy@example.edu", Status.FAILED, "2026-11-25T00:15:00Z", "5.1.1")
          .far("mx.example.edu", "[2001:db8::1]:25")
          .reply("550-5.1.1 The account does not exist.\n550 5.1.1 Try another.")
          .event(),
      outcome("dora@example.org", Status.DELIVERED, "2026-11-24T09:01:01Z", "2.0.0")
          .reason("delivery via local: delivered to maildir")
          .event(),
      outcome("staff@example.org", Status.EXPANDED, "2026-11-24T09:01:01Z", "2.0.0")
          .reason("alias expanded")
          .event(),
      new Event.Unreported(
          Instant.parse("2026-11-24T09:05:00Z"),
          Source.QUEUE,
          MIXED,
          Recipient.of(new Address("eve@example.org")),
          "no longer in the queue, and no record of it"),
    };
  }

  private static Event[] filtered() {
    return new Event[] {
      received(FILTERED, List.of(), List.of(accepted("ann@example.com", Asked.DEFAULT, "smtp"))),
      new Outcome(FILTERED, "ann@example.com", Status.RELAYED, "2026-11-24T10:00:03Z", "2.0.0")
          .far("127.0.0.1", "127.0.0.1:10024")
          .reply("250 2.0.0 from MTA: 250 2.0.0 Ok: queued as 4B61840C0C")
          .event(),
      received(
          AGAIN,
          List.of(FILTERED.queueId()),
          List.of(accepted("ann@example.com", Asked.DEFAULT, "smtp"))),
      new Outcome(AGAIN, "ann@example.com", Status.RELAYED, "2026-11-24T10:00:04Z", "2.0.0")
          .far("mx.example.com", "192.0.2.1:25")
          .reply("250 2.0.0 Ok: queued as 51E02514009")
          .event(),
    };
  }

  private static Outcome outcome(String recipient, Status status, String at, String dsn) {
    return new Outcome(MIXED, recipient, status, at, dsn);
  }

  /** Builds an outcome piece by piece. */
  static final class Outcome {
    private final MessageKey key;
    private final String recipient;
    private final Status status;
    private final Instant at;
    private final String dsn;
    private Remote remote = Remote.NONE;
    private String reply;
    private String reason;

    Outcome(MessageKey key, String recipient, Status status, String at, String dsn) {
      this.key = key;
      this.recipient = recipient;
      this.status = status;
      this.at = Instant.parse(at);
      this.dsn = dsn;
    }

    Outcome far(String mta, String address) {
      remote = new Remote(Optional.of(mta), Optional.of(address), Optional.empty());
      return this;
    }

    Outcome reply(String text) {
      reply = text;
      return this;
    }

    Outcome reason(String text) {
      reason = text;
      return this;
    }

    Event.Outcome event() {
      return new Event.Outcome(
          at,
          Source.PASS,
          key,
          Recipient.of(new Address(recipient)),
          status,
          EnhancedStatus.of(dsn),
          remote,
          Optional.ofNullable(reply),
          Optional.ofNullable(reason),
          "");
    }
  }
}
