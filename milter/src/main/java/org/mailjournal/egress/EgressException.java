package org.mailjournal.egress;

/** The relay cannot be set up or started as asked, and why. */
public final class EgressException extends RuntimeException {
  private EgressException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * What was being done, what is wrong with which value, and what to do about it.
   *
   * @param stage {@code egress.routes}, {@code egress.listen} …
   */
  public static EgressException of(String stage, String problem, String cure) {
    return of(stage, problem, cure, null);
  }

  /** As {@link #of(String, String, String)}, with what caused it. */
  public static EgressException of(String stage, String problem, String cure, Throwable cause) {
    return new EgressException(stage + ": " + problem + "; " + cure, cause);
  }
}
