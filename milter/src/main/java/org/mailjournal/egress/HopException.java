package org.mailjournal.egress;

/**
 * The next hop could not be used as a mail server: not found, not reached, silent, or talking
 * something else. It carries what our client is to be told.
 */
final class HopException extends Exception {
  private final transient Answer answer;

  private HopException(Answer answer, String message, Throwable cause) {
    super(message, cause);
    this.answer = answer;
  }

  /** What we say ourselves. */
  static HopException ours(int code, String dsn, String words, Throwable cause) {
    return new HopException(Answer.ours(code, dsn, words), words, cause);
  }

  /** The dialogue with a peer broke at a stage. */
  static HopException broken(String stage, String peer, String problem, Throwable cause) {
    return ours(451, "4.4.2", stage + " with " + peer + ": " + problem, cause);
  }

  /** The peer does not speak the protocol. */
  static HopException garbage(String stage, String peer, String problem) {
    return ours(451, "4.5.0", stage + " with " + peer + ": " + problem, null);
  }

  /** The peer itself said that it cannot serve us now. */
  static HopException said(String stage, String peer, Answer theirs) {
    return new HopException(theirs, stage + " with " + peer + ": " + theirs.text(), null);
  }

  Answer answer() {
    return answer;
  }
}
