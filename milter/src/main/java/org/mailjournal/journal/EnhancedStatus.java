package org.mailjournal.journal;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An enhanced mail system status code, {@code class.subject.detail} (RFC 3463 section 2). */
public record EnhancedStatus(int category, int subject, int detail) {
  private static final Pattern FORM =
      Pattern.compile("(?<![0-9.])([245])\\.([0-9]{1,3})\\.([0-9]{1,3})(?![0-9.])");

  public EnhancedStatus {
    if ((category != 2 && category != 4 && category != 5)
        || subject < 0
        || subject > 999
        || detail < 0
        || detail > 999) {
      throw new IllegalArgumentException(
          "enhanced status: expected 2, 4 or 5 and two numbers up to 999, got "
              + category
              + "."
              + subject
              + "."
              + detail);
    }
  }

  /** The code that the whole text is; empty when it is not one. */
  public static Optional<EnhancedStatus> of(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    return matcher.matches() ? Optional.of(from(matcher)) : Optional.empty();
  }

  /** The code right behind the three digits of an SMTP reply (RFC 2034 section 4). */
  public static Optional<EnhancedStatus> ofReply(String reply) {
    Matcher matcher = FORM.matcher(reply);
    boolean there = reply.length() > 4 && matcher.region(4, reply.length()).lookingAt();
    return there ? Optional.of(from(matcher)) : Optional.empty();
  }

  private static EnhancedStatus from(Matcher matcher) {
    return new EnhancedStatus(
        Integer.parseInt(matcher.group(1)),
        Integer.parseInt(matcher.group(2)),
        Integer.parseInt(matcher.group(3)));
  }

  @Override
  public String toString() {
    return category + "." + subject + "." + detail;
  }
}
