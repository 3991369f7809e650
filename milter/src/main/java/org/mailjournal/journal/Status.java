package org.mailjournal.journal;

import java.util.Locale;
import java.util.Optional;

/**
 * What is known of one recipient: the Actions of RFC 3464 section 2.3.3 and three words of ours
 * ({@code rejected}, {@code queued}, {@code unreported}).
 */
public enum Status {
  /** The MTA refused this RCPT in the dialogue. */
  REJECTED(true),
  /** The MTA took responsibility; nothing more is known. */
  QUEUED(false),
  /** Attempted, temporary failure, the MTA keeps trying. */
  DELAYED(false),
  /** Another MTA accepted it; never that anybody received it. */
  RELAYED(true),
  /**
   * Put into a mailbox that this MTA serves, given to a program or thrown away by it ({@link
   * Ending}), or a far report says so; never that it was read.
   */
  DELIVERED(true),
  /** Replaced by an alias's targets. */
  EXPANDED(true),
  /**
   * Given up; returned to the sender, unless he wants no such news, is the null sender, or nobody
   * told of an attempt.
   */
  FAILED(true),
  /** The MTA is done with it and nothing told how; never success. */
  UNREPORTED(true);

  private final boolean settled;

  Status(boolean settled) {
    this.settled = settled;
  }

  /** Whether the MTA will not try this recipient again. */
  public boolean isFinal() {
    return settled;
  }

  /**
   * Whether later news replaces this status. Open ones give way to anything; {@code unreported}
   * gives way to knowledge, {@code relayed} to a far report of delivery; nothing else goes back.
   */
  public boolean givesWayTo(Status later, Source source) {
    return switch (this) {
      case QUEUED, DELAYED -> later != QUEUED;
      case UNREPORTED -> later.isFinal() && later != UNREPORTED;
      case RELAYED -> later == DELIVERED && source == Source.REPORT;
      case REJECTED, DELIVERED, EXPANDED, FAILED -> false;
    };
  }

  /** The word that stands in JSON, on the command line and in the journal. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The status of that word, in any case; empty for any other word. */
  public static Optional<Status> of(String word) {
    for (Status status : values()) {
      if (status.word().equalsIgnoreCase(word)) {
        return Optional.of(status);
      }
    }
    return Optional.empty();
  }
}
