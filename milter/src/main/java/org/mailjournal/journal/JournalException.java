package org.mailjournal.journal;

/** The journal cannot be read or written, and why. */
public final class JournalException extends RuntimeException {
  /** What kind of trouble it is, which decides what the asker should do. */
  public enum Kind {
    /** May pass: disk full, lock held, queue full. The MTA is asked to try again. */
    TEMPORARY,
    /** Will not pass by waiting: a newer schema, a damaged file, another daemon. */
    PERMANENT
  }

  private final transient Kind kind;

  private JournalException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /**
   * Trouble that may pass.
   *
   * @param stage what was being done: {@code open}, {@code commit}, {@code read} …
   * @param problem what went wrong, with the value
   * @param cure what to do about it
   */
  public static JournalException temporary(
      String stage, String problem, String cure, Throwable cause) {
    return new JournalException(Kind.TEMPORARY, sentence(stage, problem, cure), cause);
  }

  /** As {@link #temporary}, for what waiting does not mend. */
  public static JournalException permanent(
      String stage, String problem, String cure, Throwable cause) {
    return new JournalException(Kind.PERMANENT, sentence(stage, problem, cure), cause);
  }

  private static String sentence(String stage, String problem, String cure) {
    return "journal " + stage + ": " + problem + "; " + cure;
  }

  public Kind kind() {
    return kind;
  }
}
