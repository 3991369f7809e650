package org.mailjournal.receipt;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.Status;

/** From a notice's facts to what its reader sees. */
final class ViewWriter {
  private final String reportingMta;
  private final ZoneId zone;

  ViewWriter(String reportingMta, ZoneId zone) {
    this.reportingMta = Shown.line(reportingMta, Shown.NAME);
    this.zone = zone;
  }

  View view(Notice notice, Optional<String> subject, Texts texts) {
    MessageState message = notice.message();
    Moments moments = new Moments(texts, zone, message.key().receivedAt());
    RowWriter writer = new RowWriter(texts, moments);
    Summary summary = Summary.of(message);
    List<View.Row> rows =
        message.recipients().stream()
            .map(writer::row)
            .sorted(Comparator.comparing(row -> urgency(row.status())))
            .toList();
    return new View(
        texts,
        summary.tone(),
        summary.headline(texts),
        subject,
        lead(notice, moments, texts),
        rows,
        notes(rows, texts),
        details(notice, subject, moments, texts),
        footer(notice, moments, texts));
  }

  /** Failures first; the sender's order otherwise, since sorting keeps it. */
  private static int urgency(Status status) {
    return switch (status) {
      case FAILED, REJECTED -> 0;
      case DELAYED -> 1;
      case QUEUED, UNREPORTED -> 2;
      case RELAYED, DELIVERED, EXPANDED -> 3;
    };
  }

  private static String lead(Notice notice, Moments moments, Texts texts) {
    String kind = notice.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
    return texts.say("lead." + kind, moments.full(notice.message().key().receivedAt()));
  }

  private static List<String> notes(List<View.Row> rows, Texts texts) {
    return rows.stream()
        .map(View.Row::status)
        .distinct()
        .map(status -> texts.say("note." + status.word()))
        .toList();
  }

  private List<View.Detail> details(
      Notice notice, Optional<String> subject, Moments moments, Texts texts) {
    MessageState message = notice.message();
    List<View.Detail> details = new ArrayList<>();
    subject.ifPresent(s -> details.add(detail(texts, "subject", s)));
    if (!message.sender().isNull()) {
      String sender = Shown.line(message.sender().text(), Shown.ADDRESS);
      details.add(detail(texts, "sender", sender));
    }
    details.add(detail(texts, "handed-in", moments.alone(message.key().receivedAt())));
    details.add(detail(texts, "server", Shown.line(message.key().mta(), Shown.NAME)));
    message
        .messageId()
        .map(id -> Shown.line(id.toString(), Shown.ADDRESS))
        .ifPresent(id -> details.add(detail(texts, "message-id", id)));
    details.add(detail(texts, "queue-id", message.key().queueId().text()));
    String size = texts.say("detail.size.value", message.size());
    details.add(detail(texts, "size", size));
    details.add(detail(texts, "receipt", Shown.line(notice.receiptId(), Shown.NAME)));
    return details;
  }

  private static View.Detail detail(Texts texts, String key, String value) {
    return new View.Detail(texts.say("detail." + key), value);
  }

  private List<String> footer(Notice notice, Moments moments, Texts texts) {
    String times = texts.say("footer.times");
    String automatic = texts.say("footer.automatic", reportingMta, moments.alone(notice.now()));
    return notice.evidence().isPresent()
        ? List.of(times, texts.say("footer.evidence"), automatic)
        : List.of(times, automatic);
  }
}
