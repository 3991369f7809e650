package org.mailjournal.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The value of an {@code *_address_maps} parameter that says which EHLO keywords are discarded for
 * whom. Judged by its source text, as {@code enable} does: the answers of a table that is no file
 * cannot be listed.
 */
final class KeywordMaps {
  private static final Pattern DSN = Pattern.compile("(?i)(?<![a-z0-9_])dsn(?![a-z0-9_])");

  private final String value;
  private final List<String> unread = new ArrayList<>();
  private final List<Boolean> entries = new ArrayList<>();

  KeywordMaps(String value) {
    this.value = value;
    for (String map : value.split("[,{}\\s]+", -1)) {
      if (map.matches("[a-z]+:.*") && !map.matches("(inline|static):.*")) {
        TableSource.entries(map).ifPresentOrElse(this::read, () -> unread.add(map));
      }
    }
  }

  private void read(List<String> lines) {
    lines.forEach(line -> entries.add(DSN.matcher(line).find()));
  }

  boolean isEmpty() {
    return value.isEmpty();
  }

  /** Whether dsn is discarded for somebody. */
  boolean haveDsn() {
    return entries.contains(true) || isInWords();
  }

  private boolean isInWords() {
    return Arrays.stream(value.split("[,{}=:\\s]+", -1)).anyMatch("dsn"::equalsIgnoreCase);
  }

  /** Whether it is seen to be discarded for all that the maps list. */
  boolean alwaysHaveDsn() {
    boolean isInFilesOnly = !value.contains("inline:") && !value.contains("static:");
    return isInFilesOnly && unread.isEmpty() && !entries.contains(false);
  }

  /** The tables of which nothing is known. */
  List<String> unread() {
    return List.copyOf(unread);
  }
}
