package org.mailjournal.journal;

import java.time.Instant;
import java.util.Optional;

/**
 * What to look for; all that is given must hold. Ids come with or without angle brackets.
 *
 * @param text a Message-ID (whole or left part), queue id, remote queue id, journal id or address
 * @param messageId whole or left part
 * @param since received at or after
 * @param until received before
 * @param limit at most so many, 1 or more
 */
public record Query(
    Optional<String> text,
    Optional<String> messageId,
    Optional<String> queueId,
    Optional<String> remoteQueueId,
    Optional<Address> sender,
    Optional<Address> recipient,
    Optional<Status> status,
    Optional<Instant> since,
    Optional<Instant> until,
    int limit) {
  /** How many are given when nobody says. */
  public static final int DEFAULT_LIMIT = 100;

  public Query {
    if (limit < 1) {
      throw new IllegalArgumentException("limit: expected 1 or more, got " + limit);
    }
    text = text.map(Query::bare);
    messageId = messageId.map(Query::bare);
    queueId = queueId.map(Query::bare);
    remoteQueueId = remoteQueueId.map(Query::bare);
  }

  /** Everything, newest first. */
  public static Query all() {
    return new Query(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        DEFAULT_LIMIT);
  }

  /** As TEXT of the command line. */
  public static Query text(String text) {
    Query all = all();
    return new Query(
        Optional.of(text),
        all.messageId,
        all.queueId,
        all.remoteQueueId,
        all.sender,
        all.recipient,
        all.status,
        all.since,
        all.until,
        all.limit);
  }

  private static String bare(String id) {
    String text = id.strip();
    return text.startsWith("<") && text.endsWith(">") && text.length() > 2
        ? text.substring(1, text.length() - 1)
        : text;
  }
}
