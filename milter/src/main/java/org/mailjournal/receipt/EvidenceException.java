package org.mailjournal.receipt;

/** A file that should be evidence, or a message, cannot be read as such, and why. */
public final class EvidenceException extends RuntimeException {
  private EvidenceException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * A file that cannot be used.
   *
   * @param problem what was expected and what was found, with the file
   * @param cure what to do about it
   */
  static EvidenceException unreadable(String problem, String cure, Throwable cause) {
    return new EvidenceException("evidence read: " + problem + "; " + cure, cause);
  }

  static EvidenceException unreadable(String problem, String cure) {
    return unreadable(problem, cure, null);
  }
}
