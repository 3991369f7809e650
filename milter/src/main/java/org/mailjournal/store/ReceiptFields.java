package org.mailjournal.store;

import java.time.Instant;
import java.util.Optional;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.ReceiptEvent;
import org.mailjournal.journal.ReceiptKind;
import org.mailjournal.journal.Source;

/** The fields of the {@link ReceiptEvent}s; {@link EventFields} writes what stands before them. */
final class ReceiptFields {
  private static final int WANTED = 6;
  private static final int DUE = 7;
  private static final int SENT = 8;
  private static final int ABANDONED = 9;

  private ReceiptFields() {}

  static int kind(ReceiptEvent event) {
    if (event instanceof ReceiptEvent.Wanted) {
      return WANTED;
    } else if (event instanceof ReceiptEvent.Due) {
      return DUE;
    } else if (event instanceof ReceiptEvent.Sent) {
      return SENT;
    }
    return ABANDONED;
  }

  static void write(ReceiptEvent event, BodyWriter out) {
    if (event instanceof ReceiptEvent.Wanted wanted) {
      out.text(wanted.to().text());
      out.word(Optional.of(wanted.reason()));
    } else if (event instanceof ReceiptEvent.Due due) {
      out.number(Codes.of(due.receipt()));
      out.text(due.receiptId());
    } else if (event instanceof ReceiptEvent.Sent sent) {
      out.number(Codes.of(sent.receipt()));
      out.text(sent.receiptId());
      out.text(sent.reply());
    } else if (event instanceof ReceiptEvent.Abandoned abandoned) {
      out.number(Codes.of(abandoned.receipt()));
      out.text(abandoned.reason());
    }
  }

  static ReceiptEvent read(int kind, Instant at, Source source, MessageKey key, BodyReader in) {
    return switch (kind) {
      case WANTED ->
          new ReceiptEvent.Wanted(at, source, key, new Address(in.text()), in.word().orElseThrow());
      case DUE -> new ReceiptEvent.Due(at, source, key, which(in), in.text());
      case SENT -> new ReceiptEvent.Sent(at, source, key, which(in), in.text(), in.text());
      case ABANDONED -> new ReceiptEvent.Abandoned(at, source, key, which(in), in.text());
      default -> throw new MalformedBody("kind " + kind + " is not known");
    };
  }

  private static ReceiptKind which(BodyReader in) {
    return Codes.receiptKind(in.small());
  }
}
