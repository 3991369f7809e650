package org.mailjournal.protocol;

/** What the MTA is told. Nothing here changes a message. */
public sealed interface Reply {
  /** Go on; at the end of a message: it is accepted as far as we are concerned. */
  record Continue() implements Reply {}

  /** The MTA refuses for now, in its own words. */
  record TemporaryFailure() implements Reply {}

  /**
   * The MTA refuses for now, in these words.
   *
   * @param code 400 to 499
   * @param status its enhanced status, {@code 4.3.0}
   * @param text printable ASCII; without percent signs, which sendmail takes for formats
   */
  record Refusal(int code, String status, String text) implements Reply {
    public Refusal {
      boolean printable = text.chars().allMatch(c -> c >= ' ' && c <= '~' && c != '%');
      if (code < 400 || code > 499 || !status.startsWith("4.") || !printable) {
        throw new IllegalArgumentException(
            "reply: expected 4xx 4.x.x and printable text, got " + code + " " + status);
      }
    }
  }
}
