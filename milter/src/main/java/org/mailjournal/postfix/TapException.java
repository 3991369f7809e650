package org.mailjournal.postfix;

/** The tap cannot do its work, and why. */
public final class TapException extends RuntimeException {
  private TapException(String message, Throwable cause) {
    super(message, cause);
  }

  static TapException of(String stage, String problem, String value, String cure) {
    return new TapException(sentence(stage, problem, value, cure), null);
  }

  static TapException of(String stage, String problem, String value, String cure, Throwable cause) {
    return new TapException(sentence(stage, problem, value, cure) + " (" + cause + ")", cause);
  }

  private static String sentence(String stage, String problem, String value, String cure) {
    return "pass tap, " + stage + ": " + problem + ": " + value + "; " + cure;
  }
}
