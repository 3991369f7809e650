package org.mailjournal.receipt;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.mailjournal.journal.MessageState;

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
    RowWriter writer = new RowWriter(texts, moments, notice.now());
    Summary summary = Summary.of(message);
    Excerpt excerpt = Excerpt.of(message);
    List<View.Row> rows = excerpt.recipients().stream().map(writer::row).toList();
    return new View(
        texts,
        summary.tone(),
        summary.headline(texts),
        subject,
        lead(notice, moments, texts),
        rows,
        others(excerpt, texts),
        notes(rows),
        details(notice, subject, moments, texts),
        footer(notice, moments, texts));
  }

  private static Optional<String> others(Excerpt excerpt, Texts texts) {
    return excerpt.others() == 0
        ? Optional.empty()
        : Optional.of(texts.say("recipients.others", excerpt.others()));
  }

  private static String lead(Notice notice, Moments moments, Texts texts) {
    boolean open = notice.kind() == Notice.Kind.FINAL && !notice.message().isFinished();
    String kind = open ? "open" : notice.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
    return texts.say("lead." + kind, moments.full(notice.message().key().receivedAt()));
  }

  private static List<String> notes(List<View.Row> rows) {
    return rows.stream().map(View.Row::note).distinct().toList();
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
