package org.mailjournal.postfix;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mailjournal.journal.Bytes;
import org.mailjournal.journal.MessageId;
import org.mailjournal.journal.QueueId;

/** What the header section in a queue file says; its first 64 KiB are read. */
final class QueueHeader {
  private static final int LONGEST = 64 * 1024;

  private static final String MESSAGE_ID = "Message-ID:";
  private static final String RECEIVED = "Received:";

  private final Optional<Pattern> own;
  private Optional<MessageId> messageId = Optional.empty();
  private Optional<String> mta = Optional.empty();

  private QueueHeader(Optional<Pattern> own) {
    this.own = own;
  }

  /** The Message-ID alone, from where the content begins. */
  static Optional<MessageId> messageId(QueueRecords records) throws IOException {
    QueueHeader header = new QueueHeader(Optional.empty());
    header.read(records);
    return header.messageId;
  }

  /** The Message-ID, and the name of the MTA that gave the message this queue id. */
  static QueueHeader of(QueueRecords records, QueueId queueId) throws IOException {
    // As smtpd, pickup, local(8) and the senders of notices write it, alike from "by" to the id.
    String words =
        "\\bby (\\S+) \\([^()]*\\)\\s+(?:with \\S+ )?id " + Pattern.quote(queueId.text()) + "\\b";
    QueueHeader header = new QueueHeader(Optional.of(Pattern.compile(words)));
    header.read(records);
    return header;
  }

  Optional<MessageId> messageId() {
    return messageId;
  }

  /** {@code myhostname} of whoever took the message; absent where header_checks took it out. */
  Optional<String> mta() {
    return mta;
  }

  private void read(QueueRecords records) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    String field = "";
    for (int read = 0; read < LONGEST; ) {
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
      if (!folded && isEnoughWith(field)) {
        return;
      }
      if (text.isEmpty()) {
        return;
      }
      field = folded ? field + text : text;
    }
    isEnoughWith(field);
  }

  /** Takes in a whole field. */
  private boolean isEnoughWith(String field) {
    if (messageId.isEmpty() && isNamed(field, MESSAGE_ID)) {
      messageId = MessageId.ofField(field.substring(MESSAGE_ID.length()));
      return own.isEmpty();
    }
    if (mta.isEmpty() && own.isPresent() && isNamed(field, RECEIVED)) {
      Matcher words = own.get().matcher(field);
      mta = words.find() ? Optional.of(words.group(1)) : Optional.empty();
    }
    return messageId.isPresent() && mta.isPresent();
  }

  private static boolean isNamed(String field, String name) {
    return field.regionMatches(true, 0, name, 0, name.length());
  }
}
