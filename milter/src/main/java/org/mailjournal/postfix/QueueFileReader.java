package org.mailjournal.postfix;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.mailjournal.journal.Bytes;
import org.mailjournal.journal.MessageId;

/**
 * Reads a queue file's envelope as qmgr_message_read() does; the message's content is passed over
 * by a seek, but for its header where that is asked for.
 */
final class QueueFileReader {
  private static final int MOST_RECORDS = 2_000_000;
  private static final int LONGEST_HEADER = 64 * 1024;

  /** How far from its beginning a file may say when it arrived. */
  private static final int HEAD = 64;

  private static final long LATEST = 1L << 40;
  private static final String CREATED = "create_time=";
  private static final String ORCPT = "dsn_orig_rcpt=";

  /** With DSN_NOTIFY_SUCCESS among the flags (dsn_mask.h). */
  private static final Pattern SUCCESS = Pattern.compile("notify_flags=(?:2|3|6|7|10|11|14|15)");

  private final List<QueueRecipient> recipients = new ArrayList<>();
  private Optional<Instant> arrival = Optional.empty();
  private int seen;
  private boolean isTimed;
  private boolean isPastSender;
  private Optional<String> original = Optional.empty();
  private Optional<String> orcpt = Optional.empty();
  private boolean traced;
  private String sender = "";
  private boolean network;
  private long contentSize;
  private long contentOffset;

  private QueueFileReader() {}

  /** Everything but the Message-ID. */
  static QueueFile envelope(Path path) throws IOException {
    try (QueueRecords records = new QueueRecords(path)) {
      QueueFileReader reader = new QueueFileReader();
      reader.readEnvelope(records);
      return new QueueFile(reader.arrival, reader.sender, !reader.network, reader.recipients);
    }
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
      return headerField(records);
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
      // A recipient that a milter took back.
      case '/' -> nextRecipient();
      default -> {}
    }
  }

  private boolean isInHead() {
    return seen < HEAD && !isPastSender;
  }

  private void attribute(String text) throws IOException {
    // smtpd and qmqpd always say where a message came from; pickup never does.
    network |= text.startsWith("log_client_address=");
    // Those of a recipient stand before it (cleanup_out_recipient.c).
    if (text.startsWith(ORCPT)) {
      orcpt = Optional.of(text.substring(ORCPT.length()));
    }
    traced |= SUCCESS.matcher(text).matches();
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
    recipients.add(new QueueRecipient(entry.offset(), entry.text(), original, orcpt, traced, done));
    nextRecipient();
  }

  private void nextRecipient() {
    original = Optional.empty();
    orcpt = Optional.empty();
    traced = false;
  }

  private void size(String text) throws IOException {
    String[] fields = text.strip().split(" +", -1);
    if (fields.length < 3 || contentOffset > 0) {
      return;
    }
    contentSize = QueueRecords.number(fields[0]);
    contentOffset = QueueRecords.number(fields[1]);
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

  private static Optional<MessageId> headerField(QueueRecords records) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    String field = "";
    for (int read = 0; read < LONGEST_HEADER; ) {
      QueueRecords.Entry entry = records.next();
      read += entry.data().size() + 1;
      if (entry.type() == 'X' || entry.type() == 'E') {
        break;
      }
      if (entry.type() != 'N' && entry.type() != 'L') {
        continue;
      }
      line.writeBytes(entry.data().toArray());
      if (entry.type() == 'L') {
        continue;
      }
      String text = Bytes.text(line.toByteArray());
      line.reset();
      boolean folded = text.startsWith(" ") || text.startsWith("\t");
      if (!folded && isMessageId(field)) {
        break;
      }
      if (text.isEmpty()) {
        break;
      }
      field = folded ? field + text : text;
    }
    return isMessageId(field)
        ? MessageId.ofField(field.substring(field.indexOf(':') + 1))
        : Optional.empty();
  }

  private static boolean isMessageId(String field) {
    return field.regionMatches(true, 0, "Message-ID:", 0, "Message-ID:".length());
  }
}
