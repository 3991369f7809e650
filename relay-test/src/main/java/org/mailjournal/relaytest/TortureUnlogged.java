package org.mailjournal.relaytest;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mailjournal.relaytest.JournalEntry.News;
import org.mailjournal.relaytest.Mta.LogLine;
import org.mailjournal.relaytest.TorturePlan.Kind;

/** What the journal has and a killed MTA could not log: by the time at which others saw it done. */
final class TortureUnlogged {
  /** How Postfix's trace words what it logs of a delivery of its own (trace.c). */
  private static final Pattern TRACED = Pattern.compile("delivery via (\\S+): (.*)");

  private final boolean isSendmail;
  private final Troubles troubles;
  private final TortureExcuses.Copies copies;

  TortureUnlogged(boolean isSendmail, Troubles troubles, TortureExcuses.Copies copies) {
    this.isSendmail = isSendmail;
    this.troubles = troubles;
    this.copies = copies;
  }

  /**
   * Those that a fault explains.
   *
   * @param news what the journal has of the message, and no line of its log says
   */
  List<News> of(List<News> news, LoggedMessage message, JournalEntry entry) {
    Map<String, Integer> used = new HashMap<>();
    List<News> explained = new ArrayList<>();
    for (News one : news) {
      if (used.merge(words(one), 1, Integer::sum) <= unlogged(one, entry)
          || isEndOfATarget(one, message, entry)) {
        explained.add(one);
      }
    }
    return explained;
  }

  /**
   * How often the MTA was killed, or lost the relay, between this being done and its log's line.
   * The same may have been done again later, and the log's line be of then.
   */
  private long unlogged(News news, JournalEntry entry) {
    String recipient = news.recipient().orElse("");
    String reply = news.reply().orElse("");
    List<News> equal =
        entry.events().stream().filter(other -> words(other).equals(words(news))).toList();
    List<Instant> refused =
        copies.refused(recipient).stream()
            .filter(r -> r.reply().equals(reply))
            .map(Exchanger.Refused::at)
            .toList();
    return switch (news.kind()) {
      case "relayed" ->
          copies
              .takenAt(entry.queueId(), recipient, reply)
              .filter(at -> troubles.isAround(at, unlogging()))
              .map(at -> (long) equal.size())
              .orElse(0L);
      case "delivered" -> near(copies.delivered(entry));
      case "failed" -> near(refused);
      case "delayed" -> refused.isEmpty() ? nearAsTold(equal) : near(refused);
      default -> 0;
    };
  }

  private long near(List<Instant> times) {
    return times.stream().filter(at -> troubles.isAround(at, unlogging())).count();
  }

  /** By the journal's time: nobody else knows when it was done. */
  private long nearAsTold(List<News> equal) {
    return equal.stream()
        .filter(n -> n.at().filter(at -> troubles.isAroundTold(at, unlogging())).isPresent())
        .count();
  }

  /**
   * Whether an alias's target, of which Postfix tells nobody but its log, was done with when the
   * MTA was killed, at once or behind a deferral.
   */
  private boolean isEndOfATarget(News news, LoggedMessage message, JournalEntry entry) {
    String recipient = news.recipient().orElse("");
    List<String> logged =
        message.lines().stream()
            .filter(line -> line.to().equalsIgnoreCase(recipient))
            .map(LogLine::status)
            .distinct()
            .toList();
    return !isSendmail
        && news.kind().equals("unreported")
        && news.original().isPresent()
        && Set.of("deferred").containsAll(logged)
        && copies.taken(entry.queueId(), recipient).stream()
            .anyMatch(at -> troubles.isAround(at, TortureExcuses.KILLS));
  }

  private static String words(News news) {
    return news.kind() + news.recipient().orElse("") + " " + news.reply().orElse("");
  }

  /** What can come between something done and its line in the log. */
  private Set<Kind> unlogging() {
    if (!isSendmail) {
      return TortureExcuses.KILLS;
    }
    Set<Kind> kinds = new HashSet<>(TortureExcuses.KILLS);
    kinds.addAll(TortureExcuses.ENDS_OF_THE_RELAY);
    return kinds;
  }

  /** The line that the MTA would have logged. */
  LogLine line(News news, JournalEntry entry) {
    String status =
        switch (news.kind()) {
          case "delayed" -> "deferred";
          case "failed" -> "bounced";
          default -> "sent";
        };
    String text = news.reason().or(news::reply).orElse("");
    String relay = "[127.0.0.1] [127.0.0.1]";
    Matcher traced = TRACED.matcher(text);
    if (isSendmail) {
      String reply = news.reply().orElse("");
      text = status.equals("deferred") ? reply : reply.replaceFirst("^[0-9]{3} [0-9.]+ ", "");
    } else if (news.remoteAddress().isEmpty() && traced.matches()) {
      relay = traced.group(1);
      text = traced.group(2);
    } else {
      String address = news.remoteAddress().orElse("");
      int colon = Math.max(0, address.lastIndexOf(':'));
      String host = "[" + address.substring(0, colon) + "]" + address.substring(colon);
      relay = address.isEmpty() ? "none" : news.remoteMta().orElse("") + host;
      text = status.equals("sent") ? news.reply().orElse("") : text;
    }
    return new LogLine(
        entry.queueId(),
        news.recipient().orElse(""),
        news.original().orElse(""),
        relay,
        news.dsn().orElse(""),
        status,
        text);
  }
}
