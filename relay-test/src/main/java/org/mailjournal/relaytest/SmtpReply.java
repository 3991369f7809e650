package org.mailjournal.relaytest;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server's reply to one command (RFC 5321 section 4.2).
 *
 * @param lines without the code and the character behind it
 */
public record SmtpReply(int code, List<String> lines) {
  private static final Pattern QUEUED =
      Pattern.compile("queued as:? <?([-A-Za-z0-9._]+)|([A-Za-z0-9]+) Message accepted");

  public SmtpReply {
    lines = List.copyOf(lines);
  }

  /** All lines, with spaces between them. */
  public String text() {
    return String.join(" ", lines);
  }

  /** Whether the server did what it was asked. */
  public boolean isPositive() {
    return code >= 200 && code < 400;
  }

  /** The queue id that the reply to the end of a message names. */
  public Optional<String> queueId() {
    Matcher matcher = QUEUED.matcher(text());
    if (!isPositive() || !matcher.find()) {
      return Optional.empty();
    }
    return Optional.of(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
  }

  @Override
  public String toString() {
    return code + " " + String.join("\n", lines);
  }
}
