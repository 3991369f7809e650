package org.mailjournal.receipt;

/** Nothing can be signed, and why. */
public final class SigningException extends RuntimeException {
  private SigningException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * The key that signs cannot be used.
   *
   * @param problem what was expected and what was found, with the file
   * @param cure what to do about it
   */
  static SigningException key(String problem, String cure, Throwable cause) {
    return new SigningException("signing key: " + problem + "; " + cure, cause);
  }

  /** A signature could not be made with a key that was in order. */
  static SigningException signature(Throwable cause) {
    return new SigningException(
        "sign: the signature could not be made: " + cause.getMessage() + "; look at the cause",
        cause);
  }
}
