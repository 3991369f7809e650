package org.mailjournal.relaytest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mailjournal.relaytest.JournalEntry.News;
import org.mailjournal.relaytest.Mta.LogLine;

/**
 * Holds what the relay recorded against the log of an MTA for which the relay is the next hop: it
 * logs the words that were passed back to it, and our own place where the journal has the true one.
 */
final class RelayOracle {
  private static final Map<String, String> KINDS =
      Map.of("sent", "relayed", "deferred", "delayed", "bounced", "failed");

  private RelayOracle() {}

  /** Everything in which the two differ, in sentences; empty when they agree. */
  static List<String> differences(int relayPort, List<LogLine> log, JournalEntry entry) {
    List<News> unexplained =
        new ArrayList<>(
            entry.events().stream().filter(news -> news.source().equals("egress")).toList());
    List<String> differences = new ArrayList<>();
    for (LogLine line : log) {
      if (line.relay().endsWith(":" + relayPort)) {
        Optional<News> same = unexplained.stream().filter(news -> isSame(line, news)).findFirst();
        if (same.isPresent()) {
          unexplained.remove(same.get());
        } else if (line.originalTo().isEmpty() || !isToldByTap(line, entry)) {
          differences.add("missing: the log says " + line + ", left is " + unexplained);
        }
      }
    }
    unexplained.forEach(news -> differences.add("invented: no line of the log says " + news));
    return differences;
  }

  /**
   * Before its first delivery nobody knows an alias's target: a refusal without content, which
   * names no queue id, is then joined to no message by the relay.
   */
  private static boolean isToldByTap(LogLine line, JournalEntry entry) {
    return entry.events().stream()
        .anyMatch(news -> news.source().equals("pass") && isSame(line, news));
  }

  private static boolean isSame(LogLine line, News news) {
    String words = plain(news.reply().or(news::reason).orElse(""));
    return line.to().equalsIgnoreCase(news.recipient().orElse(""))
        && news.kind().equals(KINDS.get(line.status()))
        && !words.isEmpty()
        && plain(line.text()).contains(words);
  }

  /** As far as a log keeps it: on one line, in ASCII. */
  private static String plain(String text) {
    return text.replace('\n', ' ').replaceAll("[^ -~]|\\?", "");
  }
}
