package org.mailjournal.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
import org.mailjournal.journal.Source;

/** The fields of {@link Event.Received}, the longest of the kinds. */
final class ReceivedFields {
  /** Beside the others of a recipient's flags: a further address follows. */
  private static final int REWRITTEN = 1 << 8;

  private ReceivedFields() {}

  static void write(Event.Received event, BodyWriter out) {
    out.text(event.messageId().map(MessageId::text));
    out.text(event.sender().text());
    out.text(event.authenticatedAs());
    Client client = event.client();
    out.text(client.name());
    out.text(client.helo());
    out.text(client.address());
    out.word(client.tls());
    out.number(event.size());
    out.number(event.trail().size());
    event.trail().forEach(id -> out.text(id.text()));
    out.number(event.accepted().size());
    for (Event.Accepted accepted : event.accepted()) {
      out.text(accepted.address().text());
      out.number(
          asked(accepted.asked()) * 2
              + (accepted.marked() ? 1 : 0)
              + (accepted.rewritten().isPresent() ? REWRITTEN : 0));
      out.text(accepted.orcpt());
      out.word(accepted.mailer());
      accepted.rewritten().ifPresent(rewritten -> out.text(rewritten.text()));
    }
    out.number(event.rejected().size());
    for (Event.Rejected rejected : event.rejected()) {
      out.text(rejected.address().text());
      writeDsn(rejected.dsn(), out);
      out.text(rejected.text());
    }
    event.digest().ifPresent(digest -> writeDigest(digest, out));
  }

  /** Last, and nothing if there is none: bodies from before there were digests end here. */
  private static void writeDigest(ContentDigest digest, BodyWriter out) {
    out.octets(digest.header().toArray());
    out.octets(digest.body().toArray());
  }

  private static Optional<ContentDigest> readDigest(BodyReader in) {
    return in.isAtEnd() ? Optional.empty() : Optional.of(new ContentDigest(hash(in), hash(in)));
  }

  private static Bytes hash(BodyReader in) {
    return Bytes.head(in.octets(ContentDigest.LENGTH), ContentDigest.LENGTH);
  }

  static Event.Received read(Instant at, Source source, MessageKey key, BodyReader in) {
    Optional<MessageId> messageId = in.optionalText().map(MessageId::new);
    Address sender = new Address(in.text());
    Optional<String> authenticatedAs = in.optionalText();
    Optional<String> name = in.optionalText();
    Optional<String> helo = in.optionalText();
    Optional<String> address = in.optionalText();
    Client client = new Client(name, address, helo, in.word());
    long size = in.number();
    List<QueueId> trail = new ArrayList<>();
    for (int left = in.count(); left > 0; left--) {
      trail.add(new QueueId(in.text()));
    }
    List<Event.Accepted> accepted = new ArrayList<>();
    for (int left = in.count(); left > 0; left--) {
      accepted.add(readAccepted(in));
    }
    List<Event.Rejected> rejected = new ArrayList<>();
    for (int left = in.count(); left > 0; left--) {
      rejected.add(new Event.Rejected(new Address(in.text()), readDsn(in), in.text()));
    }
    return new Event.Received(
        at,
        source,
        key,
        messageId,
        sender,
        authenticatedAs,
        client,
        size,
        trail,
        accepted,
        rejected,
        readDigest(in));
  }

  private static Event.Accepted readAccepted(BodyReader in) {
    Address address = new Address(in.text());
    int flags = in.small();
    return new Event.Accepted(
        address,
        asked(flags % REWRITTEN / 2),
        in.optionalText(),
        in.word(),
        flags % 2 == 1,
        flags < REWRITTEN ? Optional.empty() : Optional.of(new Address(in.text())));
  }

  private static int asked(Asked asked) {
    if (asked.byDefault()) {
      return 0;
    }
    int bits = 0;
    for (Asked.Notice notice : asked.notices()) {
      bits |= Codes.of(notice);
    }
    return 1 + bits;
  }

  private static Asked asked(int code) {
    if (code == 0) {
      return Asked.DEFAULT;
    }
    Set<Asked.Notice> notices = EnumSet.noneOf(Asked.Notice.class);
    for (Asked.Notice notice : Asked.Notice.values()) {
      if (((code - 1) & Codes.of(notice)) != 0) {
        notices.add(notice);
      }
    }
    return Asked.of(notices);
  }

  static void writeDsn(Optional<EnhancedStatus> dsn, BodyWriter out) {
    out.number(dsn.map(EnhancedStatus::category).orElse(0));
    if (dsn.isPresent()) {
      out.number(dsn.get().subject());
      out.number(dsn.get().detail());
    }
  }

  static Optional<EnhancedStatus> readDsn(BodyReader in) {
    int category = in.small();
    return category == 0
        ? Optional.empty()
        : Optional.of(new EnhancedStatus(category, in.small(), in.small()));
  }
}
