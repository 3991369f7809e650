package org.mailjournal.postfix;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mailjournal.journal.Client;
import org.mailjournal.journal.MessageId;
import org.mailjournal.journal.QueueId;

/**
 * Reads a queue file's envelope as qmgr_message_read() does; the message's content is passed over
 * by a seek, but for its header where that is asked for.
 */
final class QueueFileReader {
  private static final int MOST_RECORDS = 2_000_000;

  /** How far from its beginning a file may say when it arrived. */
  private static final int HEAD = 64;

  private static final int MOST_ATTRIBUTES = 100;

  private static final long LATEST = 1L << 40;
  private static final String CREATED = "create_time=";
  private static final String ORCPT = "dsn_orig_rcpt=";
  private static final String NOTIFY = "notify_flags=";

  /** DSN_NOTIFY_SUCCESS of dsn_mask.h. */
  private static final int SUCCESS = 2;

  /** QMGR_READ_FLAG_NOTIFY_SUCCESS of qmgr_user.h, in the size record. */
  private static final long SUCCESS_ASKED = SUCCESS << 1;

  private final List<QueueRecipient> recipients = new ArrayList<>();
  private final List<Integer> notices = new ArrayList<>();

  /** Those that stand before the first recipient. */
  private final Map<String, String> attributes = new HashMap<>();

  private Optional<Instant> arrival = Optional.empty();
  private int seen;
  private boolean isTimed;
  private boolean isPastSender;
  private Optional<String> original = Optional.empty();
  private Optional<String> orcpt = Optional.empty();
  private int notifies;
  private Optional<String> redirect = Optional.empty();
  private String sender = "";
  private boolean network;
  private long contentSize;
  private long contentOffset;
  private long options;

  private QueueFileReader() {}

  /** Everything but the Message-ID. */
  static QueueFile envelope(Path path) throws IOException {
    try (QueueRecords records = new QueueRecords(path)) {
      QueueFileReader reader = new QueueFileReader();
      reader.readEnvelope(records);
      return reader.file();
    }
  }

  private QueueFile file() {
    boolean traced =
        (options & SUCCESS_ASKED) != 0 || recipients.stream().anyMatch(QueueRecipient::traced);
    return new QueueFile(arrival, sender, !network, traced, recipients);
  }

  /** The same, and all else that it says of how the message came in. */
  static QueueOrigin origin(Path path, QueueId queueId) throws IOException {
    try (QueueRecords records = new QueueRecords(path)) {
      QueueFileReader reader = new QueueFileReader();
      reader.readEnvelope(records);
      records.seek(reader.contentOffset);
      return new QueueOrigin(
          reader.file(),
          reader.notices,
          new Client(
              reader.given("client_name"),
              reader.given("client_address"),
              reader.given("helo_name"),
              Optional.empty()),
          reader.given("sasl_username"),
          reader.contentSize,
          reader.redirect,
          QueueHeader.of(records, queueId));
    }
  }

  private Optional<String> given(String name) {
    return Optional.ofNullable(attributes.get(name));
  }

  /** When the message arrived; reads no further than it must. */
  static Optional<Instant> arrival(Path path) throws IOException {
    try (QueueRecords records = new QueueRecords(path)) {
      QueueFileReader reader = new QueueFileReader();
      try {
        while (reader.isInHead()) {
          reader.apply(records.next());
        }
      } catch (EOFException halfWritten) {
        if (reader.arrival.isEmpty()) {
          throw halfWritten;
        }
      }
      return reader.arrival;
    }
  }

  /** The Message-ID in the first 64 KiB of the content's header. */
  static Optional<MessageId> messageId(Path path) throws IOException {
    try (QueueRecords records = new QueueRecords(path)) {
      QueueFileReader reader = new QueueFileReader();
      for (int i = 0; i < 64 && reader.contentOffset == 0; i++) {
        reader.apply(records.next());
      }
      if (reader.contentOffset == 0) {
        return Optional.empty();
      }
      records.seek(reader.contentOffset);
      return QueueHeader.messageId(records);
    }
  }

  private void readEnvelope(QueueRecords records) throws IOException {
    for (int count = 0; count < MOST_RECORDS; count++) {
      if (contentOffset > 0 && records.offset() == contentOffset) {
        records.seek(contentOffset + contentSize);
      }
      QueueRecords.Entry entry = records.next();
      if (entry.type() == 'E') {
        return;
      }
      apply(entry);
    }
    throw new IOException("queue file: expected at most " + MOST_RECORDS + " records");
  }

  /** By the types of rec_type.h; what is not ours to know is passed over. */
  private void apply(QueueRecords.Entry entry) throws IOException {
    seen++;
    switch (entry.type()) {
      case 'C' -> size(entry.text());
      case 'T' -> time(entry.text());
      case 'S' -> {
        sender = entry.text();
        isPastSender = true;
      }
      case 'A' -> attribute(entry.text());
      case 'O' -> original = Optional.of(entry.text());
      case 'R' -> recipient(entry, false);
      case 'D' -> recipient(entry, true);
      case '>' -> redirect = Optional.of(entry.text());
      // A recipient that a milter took back.
      case '/' -> nextRecipient();
      default -> {}
    }
  }

  private boolean isInHead() {
    return seen < HEAD && !isPastSender;
  }

  private void attribute(String text) throws IOException {
    int equals = text.indexOf('=');
    if (recipients.isEmpty() && equals > 0 && attributes.size() < MOST_ATTRIBUTES) {
      attributes.putIfAbsent(text.substring(0, equals), text.substring(equals + 1));
    }
    // smtpd and qmqpd always say where a message came from; pickup never does.
    network |= text.startsWith("log_client_address=");
    // Those of a recipient stand before it (cleanup_out_recipient.c).
    if (text.startsWith(ORCPT)) {
      orcpt = Optional.of(text.substring(ORCPT.length()));
    } else if (text.startsWith(NOTIFY)) {
      String flags = text.substring(NOTIFY.length());
      notifies = flags.matches("[0-9]{1,2}") ? Integer.parseInt(flags) : 0;
    }
    // Behind postsuper -r a file keeps the time of its first arrival, under another queue id; when
    // it got that stands here, in whole seconds (cleanup_envelope.c).
    if (isInHead() && text.startsWith(CREATED)) {
      long seconds = QueueRecords.number(text.substring(CREATED.length()));
      if (seconds > 0 && seconds < LATEST) {
        later(Instant.ofEpochSecond(seconds));
      }
    }
  }

  private void recipient(QueueRecords.Entry entry, boolean done) {
    boolean traced = (notifies & SUCCESS) != 0;
    recipients.add(new QueueRecipient(entry.offset(), entry.text(), original, orcpt, traced, done));
    notices.add(notifies);
    nextRecipient();
  }

  private void nextRecipient() {
    original = Optional.empty();
    orcpt = Optional.empty();
    notifies = 0;
  }

  private void size(String text) throws IOException {
    String[] fields = text.strip().split(" +", -1);
    if (fields.length < 3 || contentOffset > 0) {
      return;
    }
    contentSize = QueueRecords.number(fields[0]);
    contentOffset = QueueRecords.number(fields[1]);
    options = fields.length > 3 ? QueueRecords.number(fields[3]) : 0;
    if (contentSize <= 0 || contentOffset <= 0) {
      throw new IOException("queue file: expected a size record, got '" + text + "'");
    }
  }

  private void time(String text) throws IOException {
    if (isTimed) {
      return;
    }
    String[] fields = text.strip().split(" +", -1);
    long seconds = QueueRecords.number(fields[0]);
    long microseconds = fields.length > 1 ? QueueRecords.number(fields[1]) : 0;
    if (seconds > 0 && seconds < LATEST && microseconds >= 0 && microseconds < 1_000_000) {
      isTimed = true;
      later(Instant.ofEpochSecond(seconds).plusMillis(microseconds / 1000));
    }
  }

  private void later(Instant time) {
    arrival = arrival.filter(time::isBefore).or(() -> Optional.of(time));
  }
}
