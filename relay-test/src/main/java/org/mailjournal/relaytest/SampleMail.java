package org.mailjournal.relaytest;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Asked;
import org.mailjournal.journal.Client;
import org.mailjournal.journal.EnhancedStatus;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageId;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.QueueId;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.Remote;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

/**
 * The mail of a mail server's days, made from numbers: fifty a second, ids and addresses as long as
 * in life, and nothing repeats but what repeats there.
 */
record SampleMail(int number) {
  private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");
  private static final int MILLIS_APART = 20;
  private static final List<String> HOSTS = List.of("ccmail", "smtp-out", "mta-7", "relay");

  /** Odd, so no two numbers are mixed to the same: the golden ratio's fraction. */
  private static final long MIXER = 0x9E3779B97F4A7C15L;

  private long mixed() {
    return (number + 1L) * MIXER;
  }

  private String hex() {
    return "%016X".formatted(mixed());
  }

  private String domain() {
    return "kunde-" + hex().substring(3, 7).toLowerCase(Locale.ROOT) + ".de";
  }

  private String host() {
    return HOSTS.get((int) (mixed() >>> 62)) + "." + domain();
  }

  /** Its left part, as a user would give it. */
  String messageIdLeft() {
    return hex().substring(1, 9) + "." + number + "." + hex().substring(4, 12);
  }

  String messageId() {
    return "<" + messageIdLeft() + "@" + host() + ">";
  }

  String queueId() {
    return hex().substring(0, 10);
  }

  String remoteQueueId() {
    return "%011X".formatted(number * 0x5DEECE66DL);
  }

  private String recipientDomain() {
    return "example-" + (mixed() & 0x3F) + ".com";
  }

  String recipient() {
    return "u" + hex().substring(8, 13) + "@" + recipientDomain();
  }

  String sender() {
    return "v." + hex().substring(9, 14) + "@" + domain();
  }

  Instant at() {
    return FIRST.plusMillis((long) MILLIS_APART * number);
  }

  /** Its two events. */
  List<Event> events() {
    MessageKey key = new MessageKey("mail.example.org", new QueueId(queueId()), at());
    return List.of(received(key), relayed(key));
  }

  private Event received(MessageKey key) {
    return new Event.Received(
        at(),
        Source.MILTER,
        key,
        MessageId.ofField(messageId()),
        new Address(sender()),
        Optional.empty(),
        client(),
        4000 + (mixed() & 0xFFFF),
        List.of(new QueueId(hex().substring(5, 15) + "1")),
        List.of(
            new Event.Accepted(
                new Address(recipient()),
                Asked.DEFAULT,
                Optional.empty(),
                Optional.of("smtp"),
                true)),
        List.of());
  }

  private Client client() {
    String address = "198.51." + (mixed() & 0xFF) + "." + ((mixed() >>> 8) & 0xFF);
    return new Client(
        Optional.of(host()),
        Optional.of(address),
        Optional.of(host()),
        Optional.of("TLSv1.3 TLS_AES_256_GCM_SHA384"));
  }

  private Event relayed(MessageKey key) {
    String reply = "250 2.0.0 Ok: queued as " + remoteQueueId();
    String mta = "mx." + recipientDomain();
    String address = "192.0.2." + recipientDomain().length();
    return new Event.Outcome(
        at().plusMillis(500),
        Source.PASS,
        key,
        Recipient.of(new Address(recipient())),
        Status.RELAYED,
        EnhancedStatus.of("2.0.0"),
        new Remote(Optional.of(mta), Optional.of(address + ":25"), Optional.empty()),
        Optional.of(reply),
        Optional.of("delivery via " + mta + "[" + address + "]:25: " + reply),
        "");
  }
}
