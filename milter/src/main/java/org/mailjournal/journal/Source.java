package org.mailjournal.journal;

import java.util.Locale;

/** Who told us of an event. */
public enum Source {
  /** The MTA, while it received the message. */
  MILTER,
  /** Postfix's queue manager, after a pass over the message. */
  PASS,
  /** The next hop, in the transaction that ran through our relay. */
  EGRESS,
  /** A report that came in from elsewhere; none is read yet, and no event has this source. */
  REPORT,
  /** The MTA's queue, seen without the message in it. */
  QUEUE,
  /** The daemon itself or the person who runs it. */
  ADMIN;

  /** The word that stands in JSON and in the journal. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The source that {@link #word()} gave.
   *
   * @throws IllegalArgumentException for any other word
   */
  public static Source of(String word) {
    return valueOf(word.toUpperCase(Locale.ROOT));
  }
}
