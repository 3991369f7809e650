package org.mailjournal.journal;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * What names one acceptance of one message by one MTA. MTAs use queue ids again, so the moment
 * belongs to the name.
 *
 * @param mta the MTA's own host name ({@code {j}}, Postfix's {@code myhostname})
 * @param receivedAt when the message was recorded, in whole milliseconds
 */
public record MessageKey(String mta, QueueId queueId, Instant receivedAt) {
  public MessageKey {
    receivedAt = receivedAt.truncatedTo(ChronoUnit.MILLIS);
  }

  /** The journal id: queue id, a dot, and the moment's milliseconds since 1970 in base 36. */
  public String id() {
    return queueId + "." + Long.toString(receivedAt.toEpochMilli(), 36);
  }

  /** The queue id and the moment that a journal id is made of; empty when it is not one. */
  public static Optional<Id> parse(String id) {
    int dot = id.lastIndexOf('.');
    if (dot <= 0 || dot == id.length() - 1 || !QueueId.isValid(id.substring(0, dot))) {
      return Optional.empty();
    }
    try {
      long milliseconds = Long.parseLong(id.substring(dot + 1), 36);
      return Optional.of(
          new Id(new QueueId(id.substring(0, dot)), Instant.ofEpochMilli(milliseconds)));
    } catch (NumberFormatException notOurs) {
      return Optional.empty();
    }
  }

  /** A journal id, taken apart. */
  public record Id(QueueId queueId, Instant receivedAt) {}
}
