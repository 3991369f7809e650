package org.mailjournal.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The source text of Postfix's tables, where they have one: the answers of other tables cannot be
 * listed.
 */
final class TableSource {
  /** Tables whose source is a text file of that name. */
  private static final Pattern TEXT =
      Pattern.compile("(hash|lmdb|btree|dbm|cdb|texthash|cidr|pcre|regexp):/.*");

  private static final Pattern BRANCH = Pattern.compile("(?i)\\s*(end)?if\\b.*");

  private static final String PROXY = "proxy:";

  private TableSource() {}

  /**
   * The entries of a table, a line each; empty where they cannot be read.
   *
   * @param map as a setting names it, {@code hash:/etc/postfix/access}
   */
  static Optional<List<String>> entries(String map) {
    String table = map.startsWith(PROXY) ? map.substring(PROXY.length()) : map;
    if (!TEXT.matcher(table).matches()) {
      return Optional.empty();
    }
    try {
      Path file = Path.of(table.substring(table.indexOf(':') + 1));
      return Files.isRegularFile(file)
          ? Optional.of(
              entries(Files.readString(file, StandardCharsets.ISO_8859_1).lines().toList()))
          : Optional.empty();
    } catch (IOException | RuntimeException unreadable) {
      return Optional.empty();
    }
  }

  /** A line that begins with white space goes on with the one before (postconf(5)). */
  private static List<String> entries(List<String> lines) {
    List<String> entries = new ArrayList<>();
    for (String line : lines) {
      if (line.isBlank() || line.strip().startsWith("#")) {
        continue;
      }
      if (Character.isWhitespace(line.charAt(0)) && !entries.isEmpty()) {
        entries.set(entries.size() - 1, entries.get(entries.size() - 1) + line);
      } else {
        entries.add(line);
      }
    }
    entries.removeIf(entry -> BRANCH.matcher(entry).matches());
    return entries;
  }
}
