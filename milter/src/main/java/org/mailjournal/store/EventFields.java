package org.mailjournal.store;

import java.time.Instant;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalLong;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Bytes;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.QueueId;
import org.mailjournal.journal.ReceiptEvent;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.Remote;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

/**
 * The content of a body, field by field: kind and source in one number, the message's key in its
 * first event, then the kind's own fields in the order of the record.
 */
final class EventFields {
  private static final int RECEIVED = 0;
  private static final int OUTCOME = 1;
  private static final int UNREPORTED = 2;
  private static final int ODDITY = 3;
  private static final int STARTED = 4;
  private static final int STOPPED = 5;

  // From 6 on: ReceiptFields.

  private EventFields() {}

  static void write(
      Event event, OptionalLong message, Optional<MessageContext> context, BodyWriter out) {
    out.number((long) kind(event) * Codes.SOURCES + Codes.of(event.source()));
    if (event.about().isPresent() && context.isEmpty()) {
      writeKey(event.about().get(), message, out);
    }
    if (event instanceof Event.Received received) {
      ReceivedFields.write(received, out);
    } else if (event instanceof Event.Outcome outcome) {
      writeOutcome(outcome, context, out);
    } else if (event instanceof Event.Unreported unreported) {
      writeRecipient(unreported.recipient(), context, out);
      out.word(Optional.of(unreported.reason()));
    } else if (event instanceof Event.Oddity oddity) {
      writeOddity(oddity, out);
    } else if (event instanceof Event.Started started) {
      out.word(Optional.of(started.host()));
      out.word(Optional.of(started.version()));
    } else if (event instanceof Event.Stopped stopped) {
      out.word(Optional.of(stopped.host()));
    } else if (event instanceof ReceiptEvent receipt) {
      ReceiptFields.write(receipt, out);
    }
  }

  private static int kind(Event event) {
    if (event instanceof Event.Received) {
      return RECEIVED;
    } else if (event instanceof Event.Outcome) {
      return OUTCOME;
    } else if (event instanceof Event.Unreported) {
      return UNREPORTED;
    } else if (event instanceof Event.Oddity) {
      return ODDITY;
    } else if (event instanceof Event.Started) {
      return STARTED;
    } else if (event instanceof Event.Stopped) {
      return STOPPED;
    } else if (event instanceof ReceiptEvent receipt) {
      return ReceiptFields.kind(receipt);
    }
    throw new IllegalStateException("an event without a form: " + event.kind());
  }

  static Event read(
      Instant at, OptionalLong message, Optional<MessageContext> context, BodyReader in) {
    int head = in.small();
    int kind = head / Codes.SOURCES;
    Source source = Codes.source(head % Codes.SOURCES);
    try {
      return switch (kind) {
        case RECEIVED -> ReceivedFields.read(at, source, key(message, context, in), in);
        case OUTCOME -> readOutcome(at, source, key(message, context, in), context, in);
        case UNREPORTED -> {
          MessageKey key = key(message, context, in);
          Recipient recipient = readRecipient(context, in);
          yield new Event.Unreported(at, source, key, recipient, in.word().orElseThrow());
        }
        case ODDITY -> readOddity(at, source, message, context, in);
        case STARTED ->
            new Event.Started(at, source, in.word().orElseThrow(), in.word().orElseThrow());
        case STOPPED -> new Event.Stopped(at, source, in.word().orElseThrow());
        default -> ReceiptFields.read(kind, at, source, key(message, context, in), in);
      };
    } catch (IllegalArgumentException | NoSuchElementException e) {
      throw new MalformedBody("says what no event says: " + e.getMessage(), e);
    }
  }

  private static void writeKey(MessageKey key, OptionalLong message, BodyWriter out) {
    out.word(Optional.of(key.mta()));
    out.text(key.queueId().text());
    out.number(key.receivedAt().toEpochMilli() - EventCodec.base(message));
  }

  private static MessageKey key(
      OptionalLong message, Optional<MessageContext> context, BodyReader in) {
    if (context.isPresent()) {
      return context.get().key();
    }
    String mta = in.word().orElseThrow();
    QueueId queueId = new QueueId(in.text());
    return new MessageKey(
        mta, queueId, Instant.ofEpochMilli(EventCodec.base(message) + in.number()));
  }

  private static void writeOutcome(
      Event.Outcome event, Optional<MessageContext> context, BodyWriter out) {
    writeRecipient(event.recipient(), context, out);
    out.number(Codes.of(event.status()));
    ReceivedFields.writeDsn(event.dsn(), out);
    out.word(event.remote().mta());
    out.word(event.remote().address());
    out.word(event.remote().tls());
    // The reason comes first: it mostly contains the reply, which then costs nothing.
    out.text(event.reason());
    out.text(event.reply());
    out.text(event.attempt());
  }

  private static Event.Outcome readOutcome(
      Instant at, Source source, MessageKey key, Optional<MessageContext> context, BodyReader in) {
    Recipient recipient = readRecipient(context, in);
    Status status = Codes.status(in.small());
    var dsn = ReceivedFields.readDsn(in);
    Remote remote = new Remote(in.word(), in.word(), in.word());
    Optional<String> reason = in.optionalText();
    Optional<String> reply = in.optionalText();
    return new Event.Outcome(
        at, source, key, recipient, status, dsn, remote, reply, reason, in.text());
  }

  private static void writeOddity(Event.Oddity event, BodyWriter out) {
    // Only an oddity may be about no message, and so say whether it has one.
    out.flag(event.message().isPresent());
    out.word(Optional.of(event.stage()));
    out.text(event.problem());
    out.text(event.sha256());
    out.bytes(event.excerpt().toArray());
  }

  private static Event.Oddity readOddity(
      Instant at,
      Source source,
      OptionalLong message,
      Optional<MessageContext> context,
      BodyReader in) {
    Optional<MessageKey> key =
        message.isEmpty() ? Optional.empty() : Optional.of(key(message, context, in));
    if (in.flag() != key.isPresent()) {
      throw new MalformedBody("an oddity in another place than its own");
    }
    String stage = in.word().orElseThrow();
    String problem = in.text();
    String sha256 = in.text();
    return new Event.Oddity(
        at, source, key, stage, problem, sha256, Bytes.head(in.bytes(), Integer.MAX_VALUE));
  }

  private static void writeRecipient(
      Recipient recipient, Optional<MessageContext> context, BodyWriter out) {
    writeAddress(recipient.address(), context, out);
    out.flag(recipient.original().isPresent());
    recipient.original().ifPresent(original -> writeAddress(original, context, out));
  }

  private static Recipient readRecipient(Optional<MessageContext> context, BodyReader in) {
    Address address = readAddress(context, in);
    return new Recipient(
        address, in.flag() ? Optional.of(readAddress(context, in)) : Optional.empty());
  }

  private static void writeAddress(
      Address address, Optional<MessageContext> context, BodyWriter out) {
    int place = context.map(c -> c.place(address)).orElse(-1);
    out.number(place);
    if (place < 0) {
      out.text(address.text());
    }
  }

  private static Address readAddress(Optional<MessageContext> context, BodyReader in) {
    long place = in.number();
    if (place == -1) {
      return new Address(in.text());
    }
    return context
        .orElseThrow(() -> new MalformedBody("a place without a message"))
        .address((int) Math.max(-1, Math.min(Integer.MAX_VALUE, place)));
  }
}
