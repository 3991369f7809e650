package org.mailjournal.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

  /** Tables whose source is a text file of that name. */
  private static final Pattern TEXT =
      Pattern.compile("(hash|lmdb|btree|dbm|cdb|texthash|cidr|pcre|regexp):/.*");

  private static final Pattern BRANCH = Pattern.compile("(?i)\\s*(end)?if\\b.*");

  private final String value;
  private final List<String> unread = new ArrayList<>();
  private final List<Boolean> entries = new ArrayList<>();

  KeywordMaps(String value) {
    this.value = value;
    for (String map : value.split("[,{}\\s]+", -1)) {
      if (TEXT.matcher(map).matches()) {
        read(map);
      } else if (map.matches("[a-z]+:.*") && !map.matches("(inline|static):.*")) {
        unread.add(map);
      }
    }
  }

  private void read(String map) {
    try {
      Path file = Path.of(map.substring(map.indexOf(':') + 1));
      if (!Files.isRegularFile(file)) {
        unread.add(map);
        return;
      }
      Files.readString(file, StandardCharsets.ISO_8859_1)
          .lines()
          .filter(line -> !line.isBlank() && !line.strip().startsWith("#"))
          .filter(line -> !BRANCH.matcher(line).matches())
          .forEach(line -> entries.add(DSN.matcher(line).find()));
    } catch (IOException | RuntimeException unreadable) {
      unread.add(map);
    }
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
