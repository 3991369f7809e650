package org.mailjournal.session;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.mailjournal.journal.QueueId;

/**
 * A Received field (RFC 5321 section 4.4): clauses of a keyword and a value, comments in
 * parentheses anywhere, a semicolon and a date. Only the {@code id} clause is of interest.
 */
final class ReceivedField {
  private static final Set<String> KEYWORDS = Set.of("from", "by", "via", "with", "for", "id");

  private ReceivedField() {}

  /** The queue id that the host gave which wrote the field; empty when it gave none. */
  static Optional<QueueId> id(String value) {
    List<String> words = words(value);
    for (int i = 0; i + 1 < words.size(); i++) {
      String word = words.get(i).toLowerCase(Locale.ROOT);
      if (word.equals("id")) {
        String id = words.get(i + 1).replaceAll("^<|>$", "");
        return QueueId.isValid(id) ? Optional.of(new QueueId(id)) : Optional.empty();
      }
      if (KEYWORDS.contains(word)) {
        // Its value may look like a keyword: "from id (unknown [192.0.2.1])".
        i++;
      }
    }
    return Optional.empty();
  }

  /** The words in front of the date, without comments. */
  private static List<String> words(String value) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    int depth = 0;
    boolean quoted = false;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\\' && (depth > 0 || quoted)) {
        i++;
      } else if (c == '"' && depth == 0) {
        quoted = !quoted;
      } else if (quoted) {
        word.append(c);
      } else if (c == '(') {
        depth++;
      } else if (depth > 0) {
        depth -= c == ')' ? 1 : 0;
      } else if (c == ';') {
        break;
      } else if (c > ' ') {
        word.append(c);
        continue;
      }
      if (!quoted && !word.isEmpty()) {
        words.add(word.toString());
        word.setLength(0);
      }
    }
    if (!word.isEmpty()) {
      words.add(word.toString());
    }
    return words;
  }
}
