package org.mailjournal.relaytest;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.mailjournal.relaytest.JournalEntry.Fate;
import org.mailjournal.relaytest.JournalEntry.News;
import org.mailjournal.relaytest.Mta.LogLine;

/**
 * Holds what the MTA logged of a message against what the journal says of it, attempt by attempt
 * and recipient by recipient. The log is right.
 */
public final class Oracle {
  /** What the MTA can tell us of recipients that the sender named. */
  public enum Told {
    /** Every outcome. */
    EVERYTHING,
    /** No success: the message came in by a way on which Postfix lets nobody mark it. */
    NO_SUCCESS,
    /** Every attempt, but not that an administrator took the message away. */
    NOTHING_OF_ITS_END
  }

  private static final Set<String> OUTCOMES =
      Set.of("relayed", "delivered", "expanded", "failed", "delayed");

  private final List<LogLine> log;
  private final JournalEntry entry;
  private final Told told;

  /** Both by {@link #key}: a message can have very many recipients. */
  private final Map<String, List<LogLine>> lines;

  private final Map<String, List<News>> unexplained;
  private final List<String> differences = new ArrayList<>();

  private Oracle(List<LogLine> log, JournalEntry entry, Told told) {
    this.log = List.copyOf(log);
    this.entry = entry;
    this.told = told;
    lines = log.stream().collect(Collectors.groupingBy(l -> key(l.to())));
    unexplained =
        entry.events().stream()
            .filter(n -> OUTCOMES.contains(n.kind()))
            .collect(
                Collectors.groupingBy(
                    n -> key(n.recipient().orElse("")), Collectors.toCollection(ArrayList::new)));
  }

  private static String key(String address) {
    return Likeness.printed(address).toLowerCase(Locale.ROOT);
  }

  /**
   * Everything in which the journal differs from the log, in sentences; empty when they agree.
   *
   * @param entry with its events
   */
  public static List<String> differences(List<LogLine> log, JournalEntry entry, Told told) {
    Oracle oracle = new Oracle(log, entry, told);
    oracle.compare();
    return List.copyOf(oracle.differences);
  }

  private void compare() {
    log.forEach(this::explain);
    for (List<News> rest : unexplained.values()) {
      rest.removeIf(this::isExpansion);
      rest.removeIf(this::isExpiry);
      rest.forEach(news -> differences.add("invented: no line of the log says " + news));
    }
    entry.recipients().forEach(this::compare);
  }

  /** Takes the event that the line stands for away from the unexplained ones. */
  private void explain(LogLine line) {
    List<News> candidates = unexplained.getOrDefault(key(line.to()), List.of());
    Optional<News> same = candidates.stream().filter(n -> Likeness.isSame(line, n)).findFirst();
    if (same.isPresent()) {
      candidates.remove(same.get());
    } else if (mayBeUnseen(line)) {
      requireNoClaim(line);
    } else {
      differences.add(
          "missing: the log says "
              + line
              + ", and of this recipient the journal has "
              + entry.events().stream().filter(n -> Likeness.isOfRecipient(line, n)).toList());
    }
  }

  /** SUCCESS is stripped from an alias's targets, so nobody tells of them. */
  private boolean mayBeUnseen(LogLine line) {
    return line.status().equals("sent")
        && (told == Told.NO_SUCCESS || !line.originalTo().isEmpty());
  }

  private void requireNoClaim(LogLine line) {
    for (Fate fate : entry.recipients()) {
      if (Likeness.isOfRecipient(line, fate) && !fate.status().equals("unreported")) {
        differences.add("claimed: nobody told of " + line + ", and yet the journal says " + fate);
      }
    }
  }

  /** Postfix logs no line for a virtual alias, but one for each of its targets. */
  private boolean isExpansion(News news) {
    return news.kind().equals("expanded")
        && log.stream()
            .anyMatch(l -> Likeness.isSameAddress(l.originalTo(), news.recipient().orElse("")));
  }

  /** A message that expired fails with the words of its last deferral and a 4.x status. */
  private boolean isExpiry(News news) {
    return news.kind().equals("failed")
        && news.dsn().filter(d -> d.startsWith("4.")).isPresent()
        && lastLine(news.recipient().orElse(""), news.original())
            .filter(l -> l.status().equals("deferred"))
            .filter(l -> Likeness.isSameStatus(l, news) && Likeness.isSameText(l, news))
            .isPresent();
  }

  private Optional<LogLine> lastLine(String address, Optional<String> original) {
    return lines.getOrDefault(key(address), List.of()).stream()
        .filter(l -> Likeness.isOfRecipient(l, address, original))
        .reduce((earlier, later) -> later);
  }

  /** A final status stays, also when an MTA that was killed delivers a second time. */
  private Optional<LogLine> deciding(Fate fate) {
    return lines.getOrDefault(key(fate.address()), List.of()).stream()
        .filter(l -> Likeness.isOfRecipient(l, fate))
        .filter(l -> !l.status().equals("deferred"))
        .findFirst()
        .or(() -> lastLine(fate.address(), fate.original()));
  }

  private void compare(Fate fate) {
    Optional<LogLine> last = deciding(fate);
    boolean agrees =
        last.map(line -> agrees(line, fate))
            .orElseGet(
                () ->
                    Set.of("rejected", "queued", "expanded").contains(fate.status())
                        || isDroppedTarget(fate));
    if (!agrees) {
      differences.add(
          "status: the log's word is "
              + last.map(LogLine::toString).orElse("nothing")
              + ", the journal says "
              + fate);
    }
    long attempts =
        lines.getOrDefault(key(fate.address()), List.of()).stream()
            .filter(l -> Likeness.isOfRecipient(l, fate))
            .count();
    if (fate.attempts() > attempts + (isExpired(fate) ? 1 : 0)) {
      differences.add("attempts: the log has " + attempts + ", the journal " + fate);
    }
  }

  /**
   * Postfix merges recipients that an expansion makes equal, and logs nothing for the second. Of
   * one that it killed before it was queued there is no line at all.
   */
  private boolean isDroppedTarget(Fate fate) {
    boolean isTarget = fate.original().isPresent();
    boolean isMerged = lines.containsKey(key(fate.address()));
    boolean isAlias =
        log.stream().anyMatch(l -> Likeness.isSameAddress(l.originalTo(), fate.address()));
    return fate.status().equals("unreported")
        && (told != Told.EVERYTHING || ((isTarget || isMerged || log.isEmpty()) && !isAlias));
  }

  private static boolean isExpired(Fate fate) {
    return fate.status().equals("failed") && fate.dsn().filter(d -> d.startsWith("4.")).isPresent();
  }

  private boolean agrees(LogLine line, Fate fate) {
    if (fate.status().equals("unreported")) {
      return mayBeUnseen(line)
          || (told == Told.NOTHING_OF_ITS_END && line.status().equals("deferred"));
    }
    News last = fate.news();
    return Likeness.isSame(line, last)
        || (isExpired(fate)
            && Likeness.isSameStatus(line, last)
            && Likeness.isSameText(line, last));
  }
}
