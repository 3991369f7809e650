package org.mailjournal.journal;

/** Where a success of a recipient ended, as far as the MTA's words tell. */
public enum Ending {
  /** Another mail system said that it took the message. */
  MAIL_SYSTEM,
  MAILBOX,
  /** A program of this machine, which told that it ran and not what it did: pipe(8), local(8). */
  PROGRAM,
  /** The MTA is set up to throw it away: discard(8), local(8). */
  NOWHERE;

  /** What Postfix puts in front of an agent's words, unless that is discard(8): global/trace.c. */
  private static final String AGENT = "delivery via ";

  /** local/unknown.c: to MAILER-DAEMON or postmaster, where they are no aliases. */
  private static final String TOSSED = ": discarded";

  /** local/file.c: so many an alias says that mail is not wanted. */
  private static final String SUNK = ": delivered to file: /dev/null";

  /** local/command.c. */
  private static final String COMMAND = ": delivered to command: ";

  static Ending of(RecipientState state) {
    boolean far = state.remote().isKnown() || state.reply().isPresent();
    String words = state.reason().orElse("");
    if (!far && state.source() == Source.PASS && isThrownAway(state.status(), words)) {
      return NOWHERE;
    }
    if (!far && (state.status() == Status.RELAYED || words.contains(COMMAND))) {
      return PROGRAM;
    }
    return state.status() == Status.DELIVERED ? MAILBOX : MAIL_SYSTEM;
  }

  /** Of discard(8) there are no more words than the next hop that it is configured with. */
  private static boolean isThrownAway(Status status, String words) {
    boolean isNoAgents = !words.isEmpty() && !words.startsWith(AGENT);
    return status == Status.DELIVERED
        && (isNoAgents || words.endsWith(TOSSED) || words.endsWith(SUNK));
  }
}
