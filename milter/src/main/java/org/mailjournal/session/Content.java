package org.mailjournal.session;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.mailjournal.journal.Bytes;
import org.mailjournal.journal.ContentDigest;
import org.mailjournal.journal.ContentHasher;
import org.mailjournal.journal.MessageId;
import org.mailjournal.journal.QueueId;
import org.mailjournal.protocol.Octets;

/** What is kept of a message's header section and body: two kinds of ids, size and digest. */
final class Content {
  private static final int MOST_RECEIVED = 50;

  /** Of one field; more than this holds no id. */
  private static final int LONGEST_VALUE = 8192;

  private static final int LONGEST_NAME = 100;

  private static final int COLON = 1;
  private static final int LINE_END = 2;

  private final List<QueueId> trail = new ArrayList<>();
  private Optional<MessageId> messageId = Optional.empty();
  private final ContentHasher hasher = new ContentHasher();
  private long size;
  private boolean believed;

  /**
   * @param believed whether Received fields are; if not, none of their ids is kept
   */
  Content(boolean believed) {
    this.believed = believed;
  }

  void header(Octets name, Octets value) {
    hash(name, value);
    size += name.length() + COLON + value.length() + missingReturns(value) + LINE_END;
    if (messageId.isEmpty() && name.equalsIgnoreCase("Message-ID")) {
      messageId = MessageId.ofField(unfolded(value));
    } else if (believed && trail.size() < MOST_RECEIVED && name.equalsIgnoreCase("Received")) {
      ReceivedField.id(unfolded(value)).ifPresent(trail::add);
    } else if (name.startsWithIgnoreCase("Resent-")) {
      // Somebody sent it again, and what is below tells of the time before (RFC 5322 3.6.6).
      believed = false;
    }
  }

  /** By the MTA, where the message has no Message-ID of its own. */
  void named(String id) {
    messageId = messageId.or(() -> MessageId.ofField(id));
  }

  void endOfHeaders() {
    size += LINE_END;
  }

  void body(Octets piece) {
    size += piece.length();
    piece.into(hasher::body);
  }

  private void hash(Octets name, Octets value) {
    // Longer names are none of those that are hashed, and are not worth a copy.
    if (name.length() <= LONGEST_NAME) {
      hasher.field(Text.of(name), value::toArray);
    }
  }

  Optional<MessageId> messageId() {
    return messageId;
  }

  /** Topmost first, without the message's own, which some MTAs show us already. */
  List<QueueId> trail(QueueId own) {
    return trail.stream().filter(id -> !id.equals(own)).toList();
  }

  /** Of the fields as the MTA showed them, which it may have written anew already. */
  Optional<ContentDigest> digest() {
    return hasher.digest();
  }

  long size() {
    return size;
  }

  /** MTAs end the lines of a folded field in LF here; in the message it is CR LF. */
  private static int missingReturns(Octets value) {
    int missing = 0;
    for (int i = 0; i < value.length(); i++) {
      if (value.at(i) == '\n' && (i == 0 || value.at(i - 1) != '\r')) {
        missing++;
      }
    }
    return missing;
  }

  private static String unfolded(Octets value) {
    byte[] all = value.toArray();
    byte[] head = all.length > LONGEST_VALUE ? Arrays.copyOf(all, LONGEST_VALUE) : all;
    return Bytes.text(head).replace("\r", "").replace("\n", "");
  }
}
