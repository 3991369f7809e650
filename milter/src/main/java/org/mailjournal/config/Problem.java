package org.mailjournal.config;

import java.util.Optional;

/**
 * One thing that is wrong in the configuration.
 *
 * @param key the setting's full name; absent where the trouble is the file itself
 * @param value what stands there
 * @param line in the file, from 1
 * @param expected what would be right, as a form that can be typed
 */
public record Problem(
    Optional<String> key, Optional<String> value, Optional<Integer> line, String expected) {
  private static final int LONGEST_VALUE = 200;

  /** Trouble with the file as a whole. */
  static Problem ofFile(Optional<Integer> line, String expected) {
    return new Problem(Optional.empty(), Optional.empty(), line, expected);
  }

  /** One line: where, which key, what stands there, what is expected. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    line.ifPresent(l -> text.append("line ").append(l).append(": "));
    key.ifPresent(k -> text.append(k));
    value.ifPresent(v -> text.append(" = ").append(shortened(v)));
    if (key.isPresent()) {
      text.append(": ");
    }
    return text.append(expected).toString();
  }

  private static String shortened(String value) {
    return value.length() <= LONGEST_VALUE ? value : value.substring(0, LONGEST_VALUE) + "…";
  }
}
