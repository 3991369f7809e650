package org.mailjournal.journal;

/** Where a success of a recipient ended, as far as the MTA's words tell. */
public enum Ending {
  /** Another mail system said that it took the message. */
  MAIL_SYSTEM,
  MAILBOX,
  /** A program of this machine, which told that it ran and not what it did: pipe(8), local(8). */
  PROGRAM,
  /** The MTA is set up to throw it away: discard(8). */
  NOWHERE;

  /** How sent() of Postfix (sent.c) words a delivery, with the name of no host behind it. */
  private static final String DISCARDED = "delivery via none: ";

  /** local/command.c. */
  private static final String COMMAND = ": delivered to command: ";

  static Ending of(RecipientState state) {
    boolean far = state.remote().isKnown() || state.reply().isPresent();
    String words = state.reason().orElse("");
    if (!far && words.startsWith(DISCARDED)) {
      return NOWHERE;
    }
    if (!far && (state.status() == Status.RELAYED || words.contains(COMMAND))) {
      return PROGRAM;
    }
    return state.status() == Status.DELIVERED ? MAILBOX : MAIL_SYSTEM;
  }
}
