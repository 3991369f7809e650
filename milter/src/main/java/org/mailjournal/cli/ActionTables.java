package org.mailjournal.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which of some actions the tables of a setting give, by their source text. */
final class ActionTables {
  /** The pattern of pcre(5) and regexp(5) may have blanks in it. */
  private static final Pattern BEHIND_PATTERN =
      Pattern.compile("!?([^\\s\\w])(?:\\\\.|(?!\\1).)*\\1[A-Za-z]*\\s+([A-Za-z]+).*");

  private static final Pattern BEHIND_KEY = Pattern.compile("\\S+\\s+([A-Za-z]+).*");
  private static final Pattern IN_WORDS = Pattern.compile("(inline|static):.*");

  private final Set<String> wanted;
  private final Set<String> found = new TreeSet<>();
  private final List<String> unread = new ArrayList<>();

  /**
   * Looks through tables.
   *
   * @param wanted actions in capitals
   */
  ActionTables(List<String> maps, Set<String> wanted) {
    this.wanted = wanted;
    maps.forEach(this::read);
  }

  private void read(String map) {
    if (IN_WORDS.matcher(map).matches()) {
      for (String word : map.split("[^A-Za-z]+", -1)) {
        take(word);
      }
      return;
    }
    TableSource.entries(map)
        .ifPresentOrElse(entries -> entries.forEach(this::action), () -> unread.add(map));
  }

  private void action(String entry) {
    Matcher pattern = BEHIND_PATTERN.matcher(entry);
    Matcher key = BEHIND_KEY.matcher(entry);
    if (pattern.matches()) {
      take(pattern.group(2));
    } else if (key.matches()) {
      take(key.group(1));
    }
  }

  private void take(String action) {
    String word = action.toUpperCase(Locale.ROOT);
    if (wanted.contains(word)) {
      found.add(word);
    }
  }

  /** Those that are given, in the order of the alphabet. */
  Set<String> found() {
    return found;
  }

  /** The tables of which nothing is known. */
  List<String> unread() {
    return unread;
  }
}
