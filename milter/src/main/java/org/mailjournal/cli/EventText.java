package org.mailjournal.cli;

import java.util.List;
import java.util.Optional;
import org.mailjournal.journal.EnhancedStatus;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageId;
import org.mailjournal.journal.ReceiptEvent;
import org.mailjournal.journal.RecordedEvent;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

/** An event on one line, for people. */
final class EventText {
  private static final int USUAL_KIND = 10;
  private static final int WIDEST_SOURCE = 6;
  private static final int USUAL_QUEUE_ID = 15;

  private final Times times;
  private final Style style;
  private int widestKind = USUAL_KIND;

  EventText(Times times, Style style) {
    this.times = times;
    this.style = style;
  }

  /** Makes room for these; what was printed before stays as it is. */
  void widen(List<RecordedEvent> events) {
    events.forEach(event -> widestKind = Math.max(widestKind, Plain.width(event.event().kind())));
  }

  /**
   * The line, without its end.
   *
   * @param withQueueId for lists in which messages mix
   */
  String line(RecordedEvent recorded, boolean withQueueId) {
    Event event = recorded.event();
    String kind = Plain.padded(event.kind(), widestKind);
    String queueId = event.about().map(key -> key.queueId().text()).orElse("-");
    return times.exact(event.at())
        + "  "
        + (withQueueId ? Plain.padded(queueId, USUAL_QUEUE_ID) + "  " : "")
        + Plain.padded(event.source().word(), WIDEST_SOURCE)
        + "  "
        + Status.of(event.kind()).map(status -> style.status(status, kind)).orElse(kind)
        + "  "
        + detail(event);
  }

  private static String detail(Event event) {
    if (event instanceof Event.Received received) {
      return received(received);
    }
    if (event instanceof Event.Outcome outcome) {
      return outcome(outcome);
    }
    if (event instanceof Event.Unreported unreported) {
      return Sentence.name(unreported.recipient()) + "  " + Plain.text(unreported.reason());
    }
    if (event instanceof Event.Oddity oddity) {
      return Plain.text(oddity.stage() + ": " + oddity.problem())
          + " ("
          + oddity.excerpt()
          + " kept, SHA-256 "
          + oddity.sha256()
          + ")";
    }
    if (event instanceof Event.Started started) {
      return Plain.text(started.host() + ", version " + started.version());
    }
    if (event instanceof Event.Stopped stopped) {
      return Plain.text(stopped.host());
    }
    if (event instanceof ReceiptEvent receipt) {
      return Plain.text(receipt(receipt));
    }
    throw new IllegalStateException("no text for " + event.kind());
  }

  private static String receipt(ReceiptEvent event) {
    if (event instanceof ReceiptEvent.Wanted wanted) {
      return "to " + wanted.to() + ": " + wanted.reason();
    } else if (event instanceof ReceiptEvent.Due due) {
      return due.receipt().word() + "  " + due.receiptId();
    } else if (event instanceof ReceiptEvent.Sent sent) {
      return sent.receipt().word() + "  " + sent.receiptId() + "  " + sent.reply();
    } else if (event instanceof ReceiptEvent.Abandoned abandoned) {
      return abandoned.receipt().word() + "  " + abandoned.reason();
    }
    throw new IllegalStateException("no text for " + event.kind());
  }

  private static String received(Event.Received event) {
    String rejected = event.rejected().isEmpty() ? "" : ", " + event.rejected().size() + " refused";
    return event.messageId().map(MessageId::toString).map(Plain::text).orElse("(no Message-ID)")
        + " from "
        + MessageText.sender(event.sender())
        + " for "
        + Words.count(event.accepted().size(), "recipient")
        + rejected
        + (event.source() == Source.PASS ? " (" + MessageText.UNSEEN + ")" : "");
  }

  private static String outcome(Event.Outcome event) {
    StringBuilder text = new StringBuilder(Sentence.name(event.recipient()));
    if (event.remote().isKnown()) {
      text.append("  ").append(Sentence.far(event.remote()));
    }
    Optional<String> words = event.reply().or(event::reason).map(Plain::text);
    String dsn = event.dsn().map(EnhancedStatus::toString).orElse("");
    if (!dsn.isEmpty() && !Sentence.hasCode(words.orElse(""), dsn)) {
      text.append("  ").append(dsn);
    }
    words.ifPresent(w -> text.append("  ").append(w));
    text.append(Sentence.expiry(event.status(), event.reply(), event.reason()));
    return text.toString();
  }
}
