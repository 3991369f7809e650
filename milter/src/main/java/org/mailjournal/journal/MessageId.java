package org.mailjournal.journal;

import java.util.Optional;

/**
 * A Message-ID as its header field had it (RFC 5322 section 3.6.4), without the angle brackets.
 * Malformed ones are kept as they came: they are what the sender's log shows.
 */
public record MessageId(String text) {
  /** Longer ones are cut here: RFC 5322 section 2.1.1 ends a line at 998 bytes. */
  public static final int LONGEST = 998;

  public MessageId {
    if (text.isEmpty() || text.length() > LONGEST) {
      throw new IllegalArgumentException(
          "Message-ID: expected 1 to " + LONGEST + " characters, got " + text.length());
    }
  }

  /** What a Message-ID field's value names; empty when nothing is left of it. */
  public static Optional<MessageId> ofField(String value) {
    String id = value.strip();
    int open = id.indexOf('<');
    int close = id.indexOf('>', open + 1);
    if (open >= 0 && close > open) {
      id = id.substring(open + 1, close).strip();
    } else {
      id = id.replace("<", "").replace(">", "").strip();
    }
    if (id.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new MessageId(id.length() > LONGEST ? id.substring(0, LONGEST) : id));
  }

  /** The part before the last {@code @}, or all of it when there is none. */
  public String left() {
    int at = text.lastIndexOf('@');
    return at < 0 ? text : text.substring(0, at);
  }

  /** With its angle brackets, as the header field shows it. */
  @Override
  public String toString() {
    return "<" + text + ">";
  }
}
