package org.mailjournal.journal;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the sender asked to be told of a recipient: the NOTIFY parameter of RCPT (RFC 3461 section
 * 4.1) as the sender gave it, before any mark of ours.
 */
public record Asked(Set<Notice> notices, boolean byDefault) {
  /** One kind of notice; none of them is NEVER. */
  public enum Notice {
    SUCCESS,
    FAILURE,
    DELAY
  }

  /** The sender said nothing: RFC 3461 lets the MTA tell of failures, and of delays. */
  public static final Asked DEFAULT = new Asked(Set.of(), true);

  /** The sender said NEVER. */
  public static final Asked NEVER = new Asked(Set.of(), false);

  public Asked {
    notices = Set.copyOf(notices);
    if (byDefault && !notices.isEmpty()) {
      throw new IllegalArgumentException("NOTIFY: by default, and yet asked: " + notices);
    }
  }

  /** The sender asked for these. */
  public static Asked of(Set<Notice> notices) {
    return new Asked(notices, false);
  }

  /** Whether the sender himself wants to hear of success. */
  public boolean success() {
    return notices.contains(Notice.SUCCESS);
  }

  /** {@code default}, {@code never}, or the notices in RFC 3461's order with commas. */
  @Override
  public String toString() {
    if (byDefault) {
      return "default";
    }
    if (notices.isEmpty()) {
      return "never";
    }
    return new TreeSet<>(notices)
        .stream().map(n -> n.name().toLowerCase(Locale.ROOT)).collect(Collectors.joining(","));
  }

  /**
   * The value that {@link #toString()} gave, in any case.
   *
   * @throws IllegalArgumentException for any other text
   */
  public static Asked of(String text) {
    String word = text.toLowerCase(Locale.ROOT);
    if (word.equals("default")) {
      return DEFAULT;
    }
    if (word.equals("never")) {
      return NEVER;
    }
    Set<Notice> notices = EnumSet.noneOf(Notice.class);
    for (String notice : word.split(",", -1)) {
      notices.add(Notice.valueOf(notice.strip().toUpperCase(Locale.ROOT)));
    }
    return of(notices);
  }
}
