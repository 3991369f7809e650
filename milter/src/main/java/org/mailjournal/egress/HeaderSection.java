package org.mailjournal.egress;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.mailjournal.journal.Bytes;
import org.mailjournal.journal.MessageId;
import org.mailjournal.journal.QueueId;

/**
 * The head of a message on its way through: who we are in it, and what it is called. Of its fields
 * those are kept that tell, in whole lines: the half of a queue id would be another's.
 */
final class HeaderSection {
  /** As much as is kept of them. */
  static final int LIMIT = 64 * 1024;

  /** Of that, what Received fields must leave to the names: anybody can put in many. */
  private static final int ROOM = 8 * 1024;

  private static final String RECEIVED = "received";
  private static final String MESSAGE_ID = "message-id";
  private static final String RESENT = "resent-message-id";
  private static final int LINE_END = 2;

  private final ByteArrayOutputStream kept = new ByteArrayOutputStream(1024);
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);
  private byte last;
  private boolean ended;

  /** Of the field whose lines come, so many octets may be kept in all. */
  private int limit;

  /**
   * What it says.
   *
   * @param own our MTA's topmost Received field; absent when there is none
   * @param resent the Message-ID of who sent it again (RFC 5322 section 3.6.6)
   * @param trail queue ids in the Received fields below that one, latest first
   */
  record Facts(
      Optional<Own> own,
      Optional<MessageId> messageId,
      Optional<MessageId> resent,
      List<QueueId> trail) {
    /** Nothing is known. */
    static final Facts NONE =
        new Facts(Optional.empty(), Optional.empty(), Optional.empty(), List.of());
  }

  /** Our MTA's name and queue id, in its own spelling. */
  record Own(String mta, QueueId queueId) {}

  private record Received(Optional<String> by, Optional<QueueId> id) {}

  void add(byte[] block, int length) {
    for (int i = 0; i < length && !ended; i++) {
      if (line.size() < LIMIT) {
        line.write(block[i]);
      }
      if (block[i] == '\n' && last == '\r') {
        endLine(line.toByteArray());
        line.reset();
      }
      last = block[i];
    }
  }

  private void endLine(byte[] bytes) {
    ended = bytes.length == LINE_END;
    if (bytes[0] != ' ' && bytes[0] != '\t') {
      limit =
          switch (name(new String(bytes, StandardCharsets.ISO_8859_1))) {
            case RECEIVED -> LIMIT - ROOM;
            case MESSAGE_ID, RESENT -> LIMIT;
            default -> 0;
          };
    }
    if (kept.size() + bytes.length <= limit) {
      kept.writeBytes(bytes);
    } else {
      limit = 0;
    }
  }

  /** Of a field, in lower case. */
  private static String name(String field) {
    return lower(field.substring(0, Math.max(field.indexOf(':'), 0)).strip());
  }

  /** What the fields say, with the names under which our MTA writes its Received fields. */
  Facts facts(Set<String> mtaNames) {
    Optional<Own> own = Optional.empty();
    Optional<MessageId> messageId = Optional.empty();
    Optional<MessageId> resent = Optional.empty();
    List<QueueId> trail = new ArrayList<>();
    for (String field : fields()) {
      String name = name(field);
      String value = field.substring(field.indexOf(':') + 1);
      if (name.equals(RECEIVED)) {
        Received received = received(value);
        boolean ours =
            own.isEmpty()
                && received.id().isPresent()
                && received.by().filter(by -> mtaNames.contains(lower(by))).isPresent();
        if (ours) {
          own = Optional.of(new Own(received.by().get(), received.id().get()));
        } else {
          received.id().ifPresent(trail::add);
        }
      } else if (name.equals(MESSAGE_ID) && messageId.isEmpty()) {
        messageId = MessageId.ofField(value);
      } else if (name.equals(RESENT) && resent.isEmpty()) {
        resent = MessageId.ofField(value);
      }
    }
    return new Facts(own, messageId, resent, List.copyOf(trail));
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /**
   * Unfolded (RFC 5322 section 2.2.3). Each is decoded alone, as the milter does it: what is no
   * UTF-8 in another field says nothing about this one.
   */
  private List<String> fields() {
    byte[] bytes = kept.toByteArray();
    List<String> fields = new ArrayList<>();
    ByteArrayOutputStream field = new ByteArrayOutputStream();
    int from = 0;
    while (from < bytes.length) {
      int end = endOfLine(bytes, from);
      boolean folded = bytes[from] == ' ' || bytes[from] == '\t';
      if (!folded && field.size() > 0) {
        fields.add(Bytes.text(field.toByteArray()));
        field.reset();
      }
      field.write(bytes, from, end - from);
      from = end + LINE_END;
    }
    if (field.size() > 0) {
      fields.add(Bytes.text(field.toByteArray()));
    }
    return fields;
  }

  /** Where the next CRLF is, or the end. */
  private static int endOfLine(byte[] bytes, int from) {
    int at = from;
    while (at < bytes.length
        && !(bytes[at] == '\r' && at + 1 < bytes.length && bytes[at + 1] == '\n')) {
      at++;
    }
    return at;
  }

  /**
   * The clauses of a Received field (RFC 5321 section 4.4) in pairs, comments left out: what the
   * sender called himself stands behind {@code from} and in comments, and must not pass for ours.
   */
  private static Received received(String value) {
    String[] words = withoutComments(value).strip().split("[ \t]+", -1);
    Optional<String> by = Optional.empty();
    Optional<QueueId> id = Optional.empty();
    int i = 0;
    while (i + 1 < words.length) {
      String key = lower(words[i]);
      boolean clause = Set.of("from", "by", "via", "with", "id", "for").contains(key);
      if (key.equals("by") && by.isEmpty()) {
        by = Optional.of(words[i + 1]);
      } else if (key.equals("id") && id.isEmpty()) {
        id = Optional.of(words[i + 1]).filter(QueueId::isValid).map(QueueId::new);
      }
      i += clause ? 2 : 1;
    }
    return new Received(by, id);
  }

  /** Up to the date, too. */
  private static String withoutComments(String value) {
    StringBuilder plain = new StringBuilder();
    int depth = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '(') {
        depth++;
      } else if (c == ')') {
        depth = Math.max(depth - 1, 0);
        plain.append(' ');
      } else if (depth == 0 && c == ';') {
        return plain.toString();
      } else if (depth == 0) {
        plain.append(c);
      }
    }
    return plain.toString();
  }
}
