package org.mailjournal.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Asked;
import org.mailjournal.journal.Bytes;
import org.mailjournal.journal.Client;
import org.mailjournal.journal.ContentDigest;
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

/** Events with all that can stand in them, and sequences that collide on purpose. */
final class AnyEvent {
  private AnyEvent() {}

  /** Any event, its texts empty, long, of all planes of Unicode, or no well-formed text at all. */
  static Arbitrary<Event> ofAnyMessage() {
    Arbitrary<MessageKey> keys =
        Combinators.combine(texts(), queueIds(), moments()).as(MessageKey::new);
    return ofMessage(keys, addresses(), texts(), moments());
  }

  /** Events of three messages with four addresses, so that they meet. */
  static Arbitrary<Event> ofFewMessages() {
    Arbitrary<MessageKey> keys =
        Arbitraries.of("A1", "B2", "C3").map(id -> Mails.key(id, Mails.NOON));
    Arbitrary<Address> addresses = Arbitraries.of("a@x", "a@X", "b@x", "").map(Address::new);
    Arbitrary<String> texts =
        Arbitraries.of("250 2.0.0 Ok: queued as D4", "250 2.0.0 Ok: queued as A1", "450 wait");
    return ofMessage(keys, addresses, texts, Arbitraries.of(Mails.NOON));
  }

  /** The same event of another message. */
  static Event about(Event event, MessageKey key) {
    if (event instanceof Event.Received e) {
      return new Event.Received(
          e.at(),
          e.source(),
          key,
          e.messageId(),
          e.sender(),
          e.authenticatedAs(),
          e.client(),
          e.size(),
          e.trail(),
          e.accepted(),
          e.rejected(),
          e.digest());
    } else if (event instanceof Event.Outcome e) {
      return new Event.Outcome(
          e.at(),
          e.source(),
          key,
          e.recipient(),
          e.status(),
          e.dsn(),
          e.remote(),
          e.reply(),
          e.reason(),
          e.attempt());
    } else if (event instanceof Event.Unreported e) {
      return new Event.Unreported(e.at(), e.source(), key, e.recipient(), e.reason());
    } else if (event instanceof Event.Oddity e) {
      return new Event.Oddity(
          e.at(), e.source(), Optional.of(key), e.stage(), e.problem(), e.sha256(), e.excerpt());
    } else if (event instanceof ReceiptEvent.Wanted e) {
      return new ReceiptEvent.Wanted(e.at(), e.source(), key, e.to(), e.reason());
    } else if (event instanceof ReceiptEvent.Due e) {
      return new ReceiptEvent.Due(e.at(), e.source(), key, e.receipt(), e.receiptId());
    } else if (event instanceof ReceiptEvent.Sent e) {
      return new ReceiptEvent.Sent(e.at(), e.source(), key, e.receipt(), e.receiptId(), e.reply());
    } else if (event instanceof ReceiptEvent.Abandoned e) {
      return new ReceiptEvent.Abandoned(e.at(), e.source(), key, e.receipt(), e.reason());
    }
    throw new IllegalArgumentException(event.kind());
  }

  private static Arbitrary<Event> ofMessage(
      Arbitrary<MessageKey> keys,
      Arbitrary<Address> addresses,
      Arbitrary<String> texts,
      Arbitrary<Instant> moments) {
    Arbitrary<Source> sources = Arbitraries.of(Source.class);
    Arbitrary<Recipient> recipients =
        Combinators.combine(addresses, addresses.optional()).as(Recipient::new);
    return Arbitraries.oneOf(
        received(keys, addresses, texts, moments),
        outcomes(keys, recipients, texts, moments),
        outcomes(keys, recipients, texts, moments),
        Combinators.combine(moments, sources, keys, recipients, texts).as(Event.Unreported::new),
        Combinators.combine(
                moments,
                sources,
                keys.optional(),
                texts,
                texts,
                Arbitraries.bytes().array(byte[].class))
            .as(Event.Oddity::of),
        Combinators.combine(moments, sources, keys, addresses, texts).as(ReceiptEvent.Wanted::new),
        Combinators.combine(moments, sources, keys, Arbitraries.of(ReceiptKind.class), texts)
            .as(ReceiptEvent.Due::new),
        Combinators.combine(moments, sources, keys, Arbitraries.of(ReceiptKind.class), texts, texts)
            .as(ReceiptEvent.Sent::new),
        Combinators.combine(moments, sources, keys, Arbitraries.of(ReceiptKind.class), texts)
            .as(ReceiptEvent.Abandoned::new),
        Combinators.combine(moments, sources, texts, texts).as(Event.Started::new),
        Combinators.combine(moments, sources, texts).as(Event.Stopped::new));
  }

  private static Arbitrary<Event> received(
      Arbitrary<MessageKey> keys,
      Arbitrary<Address> addresses,
      Arbitrary<String> texts,
      Arbitrary<Instant> moments) {
    Arbitrary<Client> clients =
        Combinators.combine(texts.optional(), texts.optional(), texts.optional(), texts.optional())
            .as(Client::new);
    Arbitrary<List<Event.Accepted>> accepted =
        Combinators.combine(
                addresses,
                asked(),
                texts.optional(),
                texts.optional(),
                Arbitraries.of(true, false),
                addresses.optional(0.3))
            .as(Event.Accepted::new)
            .list()
            .ofMaxSize(4);
    Arbitrary<List<Event.Rejected>> rejected =
        Combinators.combine(addresses, statuses().optional(), texts)
            .as(Event.Rejected::new)
            .list()
            .ofMaxSize(2);
    Arbitrary<Optional<MessageId>> ids = texts.map(MessageId::ofField);
    Arbitrary<List<QueueId>> trails =
        Arbitraries.oneOf(keys.map(MessageKey::queueId), queueIds()).list().ofMaxSize(3);
    return Combinators.combine(
            moments, Arbitraries.of(Source.class), keys, ids, addresses, clients, trails, accepted)
        .flatAs(
            (at, source, key, id, sender, client, trail, taken) ->
                Combinators.combine(
                        texts.optional(), Arbitraries.longs(), rejected, digests().optional())
                    .as(
                        (login, size, refused, digest) ->
                            new Event.Received(
                                at, source, key, id, sender, login, client, size, trail, taken,
                                refused, digest)));
  }

  private static Arbitrary<ContentDigest> digests() {
    Arbitrary<Bytes> hashes =
        Arbitraries.bytes()
            .array(byte[].class)
            .ofSize(ContentDigest.LENGTH)
            .map(hash -> Bytes.head(hash, hash.length));
    return Combinators.combine(hashes, hashes).as(ContentDigest::new);
  }

  private static Arbitrary<Event> outcomes(
      Arbitrary<MessageKey> keys,
      Arbitrary<Recipient> recipients,
      Arbitrary<String> texts,
      Arbitrary<Instant> moments) {
    Arbitrary<Status> outcome =
        Arbitraries.of(
            Status.RELAYED, Status.DELIVERED, Status.EXPANDED, Status.FAILED, Status.DELAYED);
    Arbitrary<Remote> remotes =
        Combinators.combine(texts.optional(), texts.optional(), texts.optional()).as(Remote::new);
    return Combinators.combine(
            moments, Arbitraries.of(Source.class), keys, recipients, outcome, remotes)
        .flatAs(
            (at, source, key, recipient, status, remote) ->
                Combinators.combine(
                        statuses().optional(), texts.optional(), texts.optional(), texts)
                    .as(
                        (dsn, reply, reason, attempt) ->
                            new Event.Outcome(
                                at, source, key, recipient, status, dsn, remote, reply, reason,
                                attempt)));
  }

  private static Arbitrary<EnhancedStatus> statuses() {
    Arbitrary<Integer> part = Arbitraries.integers().between(0, 999);
    return Combinators.combine(Arbitraries.of(2, 4, 5), part, part).as(EnhancedStatus::new);
  }

  private static Arbitrary<Asked> asked() {
    return Arbitraries.oneOf(
        Arbitraries.of(Asked.DEFAULT, Asked.NEVER),
        Arbitraries.of(Asked.Notice.class).set().map(Asked::of));
  }

  private static Arbitrary<QueueId> queueIds() {
    return Arbitraries.of("51E02514002", "4fK2Qm1Xz3zJ", "6AO7TXQK016468", "x").map(QueueId::new);
  }

  private static Arbitrary<Instant> moments() {
    return Arbitraries.longs()
        .between(-4_000_000_000_000L, 8_000_000_000_000L)
        .map(Instant::ofEpochMilli);
  }

  private static Arbitrary<Address> addresses() {
    return texts().map(Address::new);
  }

  private static Arbitrary<String> texts() {
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(4, Arbitraries.of("", "a@b.example", "250 2.0.0 Ok", "dürfen@ü.de")),
        net.jqwik.api.Tuple.of(3, Arbitraries.strings().all().ofMaxLength(40)),
        net.jqwik.api.Tuple.of(1, Arbitraries.of("\uD800", "𝕏\0\r\n", "y".repeat(70_000))));
  }
}
