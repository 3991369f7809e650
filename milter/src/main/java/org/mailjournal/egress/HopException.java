package org.mailjournal.egress;

import java.util.Optional;
import org.mailjournal.journal.Remote;

/**
 * The next hop could not be used as a mail server: not found, not reached, silent, or talking
 * something else. It carries what our client is to be told.
 */
final class HopException extends Exception {
  private final transient Answer answer;
  private final transient Remote speaker;

  private HopException(Answer answer, Remote speaker, String message, Throwable cause) {
    super(message, cause);
    this.answer = answer;
    this.speaker = speaker;
  }

  /** What we say ourselves. */
  static HopException ours(int code, String dsn, String words, Throwable cause) {
    return new HopException(Answer.ours(code, dsn, words), Remote.NONE, words, cause);
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
  static HopException said(String stage, Target target, Optional<String> tls, Answer theirs) {
    String words = stage + " with " + target.peer() + ": " + theirs.text();
    return new HopException(theirs, target.remote(tls), words, null);
  }

  Answer answer() {
    return answer;
  }

  /** Whose answer it is; nobody's when it is ours. */
  Remote speaker() {
    return speaker;
  }
}
