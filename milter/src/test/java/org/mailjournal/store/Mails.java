package org.mailjournal.store;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
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
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.Remote;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

/** Events as a Postfix with the tap gives them. */
final class Mails {
  static final Instant NOON = Instant.parse("2026-11-24T12:00:00.123Z");
  static final String MTA = "mail.example.org";

  private Mails() {}

  static MessageKey key(String queueId, Instant at) {
    return new MessageKey(MTA, new QueueId(queueId), at);
  }

  /** A message whose parts a test names; the rest is ordinary. */
  static final class Mail {
    private final MessageKey key;
    private Optional<MessageId> messageId = Optional.empty();
    private Address sender = new Address("alice@example.net");
    private List<QueueId> trail = List.of();
    private List<Event.Accepted> accepted = List.of();
    private List<Event.Rejected> rejected = List.of();

    private Mail(MessageKey key) {
      this.key = key;
    }

    Mail id(String id) {
      messageId = MessageId.ofField(id);
      return this;
    }

    Mail from(String address) {
      sender = new Address(address);
      return this;
    }

    Mail to(String... addresses) {
      accepted = List.of(addresses).stream().map(Mails::accepted).toList();
      return this;
    }

    Mail refused(String address) {
      rejected =
          List.of(
              new Event.Rejected(
                  new Address(address), EnhancedStatus.of("5.1.1"), "550 5.1.1 User unknown"));
      return this;
    }

    Mail trail(String... ids) {
      trail = List.of(ids).stream().map(QueueId::new).toList();
      return this;
    }

    Event.Received received() {
      return new Event.Received(
          key.receivedAt(),
          Source.MILTER,
          key,
          messageId,
          sender,
          Optional.empty(),
          Client.UNKNOWN,
          1234,
          trail,
          accepted,
          rejected);
    }
  }

  static Mail mail(String queueId, Instant at) {
    return new Mail(key(queueId, at)).to("bob@example.com");
  }

  static Event.Accepted accepted(String address) {
    return new Event.Accepted(
        new Address(address), Asked.DEFAULT, Optional.empty(), Optional.of("smtp"), true);
  }

  static Event.Outcome outcome(Event.Received mail, String recipient, Status status, String reply) {
    return outcome(mail, Recipient.of(new Address(recipient)), status, reply);
  }

  static Event.Outcome outcome(
      Event.Received mail, Recipient recipient, Status status, String reply) {
    return new Event.Outcome(
        mail.at().plusSeconds(2),
        Source.PASS,
        mail.message(),
        recipient,
        status,
        EnhancedStatus.ofReply(reply),
        new Remote(Optional.of("mx.example.com"), Optional.of("192.0.2.25:25"), Optional.empty()),
        Optional.of(reply),
        Optional.of("delivery via mx.example.com[192.0.2.25]:25: " + reply),
        "");
  }

  static Event.Outcome relayed(Event.Received mail, String recipient, String remoteQueueId) {
    return outcome(mail, recipient, Status.RELAYED, "250 2.0.0 Ok: queued as " + remoteQueueId);
  }

  static Event.Unreported unreported(Event.Received mail, String recipient) {
    return new Event.Unreported(
        mail.at().plusSeconds(9),
        Source.PASS,
        mail.message(),
        Recipient.of(new Address(recipient)),
        "no record");
  }

  static Event.Started started(Instant at) {
    return new Event.Started(at, Source.ADMIN, "mail.example.org", "0.1.0");
  }

  static Event.Stopped stopped(Instant at) {
    return new Event.Stopped(at, Source.ADMIN, "mail.example.org");
  }

  static Event.Oddity oddity(Instant at, Optional<MessageKey> message, String problem) {
    return Event.Oddity.of(at, Source.PASS, message, "pass", problem, new byte[] {1, 2, 3});
  }

  static Event.Received received(String queueId, Instant at) {
    return mail(queueId, at).received();
  }

  /** The same with hashes, which no compression makes shorter. */
  static Event.Received hashed(Event.Received mail, long seed) {
    byte[] hashes = new byte[2 * ContentDigest.LENGTH];
    new Random(seed).nextBytes(hashes);
    return new Event.Received(
        mail.at(),
        mail.source(),
        mail.message(),
        mail.messageId(),
        mail.sender(),
        mail.authenticatedAs(),
        mail.client(),
        mail.size(),
        mail.trail(),
        mail.accepted(),
        mail.rejected(),
        Optional.of(
            new ContentDigest(
                Bytes.head(hashes, ContentDigest.LENGTH),
                Bytes.head(
                    Arrays.copyOfRange(hashes, ContentDigest.LENGTH, hashes.length),
                    ContentDigest.LENGTH))));
  }

  /** The number's message of a real day: nothing repeats but what repeats on a mail server. */
  static Event.Received realistic(int number, Instant at) {
    long mixed = (number + 1) * 0x9E3779B97F4A7C15L;
    String hex = String.format("%016X", mixed);
    String host = List.of("ccmail", "smtp-out", "mta-7", "relay").get((int) (mixed >>> 62));
    String domain = "kunde-" + hex.substring(3, 7).toLowerCase(Locale.ROOT) + ".de";
    Event.Received mail =
        new Event.Received(
            at,
            Source.MILTER,
            key(hex.substring(0, 10), at),
            MessageId.ofField(
                "<"
                    + hex.substring(1, 9)
                    + "."
                    + number
                    + "."
                    + hex.substring(4, 12)
                    + "@"
                    + host
                    + "."
                    + domain
                    + ">"),
            new Address("v." + hex.substring(9, 14) + "@" + domain),
            Optional.empty(),
            new Client(
                Optional.of(host + "." + domain),
                Optional.of("198.51." + (mixed & 0xFF) + "." + ((mixed >>> 8) & 0xFF)),
                Optional.of(host + "." + domain),
                Optional.of("TLSv1.3 TLS_AES_256_GCM_SHA384")),
            4000 + (mixed & 0xFFFF),
            List.of(new QueueId(hex.substring(5, 15) + "1")),
            List.of(
                new Event.Accepted(
                    new Address("u" + hex.substring(8, 13) + "@example-" + (mixed & 0x3F) + ".com"),
                    Asked.DEFAULT,
                    Optional.empty(),
                    Optional.of("smtp"),
                    true)),
            List.of());
    return hashed(mail, mixed);
  }

  /** What became of it, 0.5 s later. */
  static Event.Outcome realisticOutcome(Event.Received mail, int number) {
    String reply = "250 2.0.0 Ok: queued as " + String.format("%011X", number * 0x5DEECE66DL);
    String domain = mail.accepted().get(0).address().domain();
    return new Event.Outcome(
        mail.at().plusMillis(500),
        Source.PASS,
        mail.message(),
        Recipient.of(mail.accepted().get(0).address()),
        Status.RELAYED,
        EnhancedStatus.of("2.0.0"),
        new Remote(
            Optional.of("mx." + domain),
            Optional.of("192.0.2." + domain.length() + ":25"),
            Optional.empty()),
        Optional.of(reply),
        Optional.of("delivery via mx." + domain + "[192.0.2." + domain.length() + "]:25: " + reply),
        "");
  }
}
