package org.mailjournal.relaytest;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mailjournal.relaytest.JournalEntry.News;
import org.mailjournal.relaytest.Mta.LogLine;
import org.mailjournal.relaytest.TorturePlan.Kind;

/**
 * The MTA's log as the journal can know it: what doc/INTERNALS.md says nobody can tell us is taken
 * out, what a killed MTA could not log is put in. Everything that is let pass is counted.
 */
final class TortureExcuses {
  static final Set<Kind> KILLS = Set.of(Kind.MTA_KILLED, Kind.BOTH_KILLED);
  static final Set<Kind> ENDS_OF_THE_RELAY =
      Set.of(Kind.DAEMON_KILLED, Kind.CONNECTIONS_CUT, Kind.DISK_FAILED);

  /** Transactions that one end of the relay cuts: a few at a time. */
  private static final int REFUSALS_OF_AN_END = 3;

  private static final int DEFERRALS_OF_AN_END = 10;

  /** How Postfix's trace words what it logs of a delivery of its own (trace.c). */
  private static final Pattern TRACED = Pattern.compile("delivery via (\\S+): (.*)");

  /** What the exchangers got. */
  interface Copies {
    /** When the one was taken to which a reply was given; empty when there is none. */
    Optional<Instant> takenAt(String queueId, String recipient, String reply);

    /** Whether an exchanger has one. */
    boolean isTaken(String queueId, String recipient);
  }

  private final boolean isSendmail;
  private final Troubles troubles;
  private final Copies copies;
  private final List<String> daemonLog;
  private int excused;
  private int lostDeferrals;
  private int lostRefusals;

  /**
   * @param daemonLog what it says of replies that no file could take, and of those told again
   */
  TortureExcuses(boolean isSendmail, Troubles troubles, Copies copies, List<String> daemonLog) {
    this.isSendmail = isSendmail;
    this.troubles = troubles;
    this.copies = copies;
    this.daemonLog = daemonLog;
  }

  int excused() {
    return excused;
  }

  int lostDeferrals() {
    return lostDeferrals;
  }

  int lostRefusals() {
    return lostRefusals;
  }

  /** More of one excuse than the faults can explain. */
  List<String> problems() {
    long ends = troubles.count(unlogging());
    List<String> problems = new ArrayList<>();
    if (lostRefusals > REFUSALS_OF_AN_END * ends) {
      problems.add("lost: " + lostRefusals + " refusals, with " + ends + " ends of the relay");
    }
    if (lostDeferrals > DEFERRALS_OF_AN_END * ends) {
      problems.add("lost: " + lostDeferrals + " deferrals, with " + ends + " ends of the relay");
    }
    return problems;
  }

  /**
   * The log without what nobody could tell us, and with what a killed MTA could not log, in the
   * order in which it came to pass.
   */
  List<LogLine> explained(TortureLog.Message message, JournalEntry entry) {
    TreeMap<Integer, List<LogLine>> lines = new TreeMap<>();
    List<News> news = new ArrayList<>(entry.events());
    int place = 0;
    for (LogLine line : message.lines()) {
      Optional<News> same = news.stream().filter(n -> isSame(line, n)).findFirst();
      same.ifPresent(news::remove);
      // What waited in the emergency file is recorded behind newer events, so the log's order
      // holds.
      place = Math.max(place, same.map(n -> entry.events().indexOf(n)).orElse(place));
      if (same.isEmpty() && wasAnsweredFromTheJournal(line, entry)) {
        excused++;
        lines
            .computeIfAbsent(entry.events().size(), any -> new ArrayList<>())
            .addAll(heard(line, entry, news, lines));
      } else if (same.isEmpty()
          && (message.mayBeUntold(line)
              || wasSaidBefore(line, message, entry)
              || wasUnwritable(line)
              || endedWithTheRelay(line))) {
        excused++;
      } else {
        lines.computeIfAbsent(place, any -> new ArrayList<>()).add(line);
      }
    }
    Map<String, Integer> used = new HashMap<>();
    for (News unlogged : news) {
      if (used.merge(words(unlogged), 1, Integer::sum) <= unlogged(unlogged, entry)
          || isEndOfATarget(unlogged, message, entry)) {
        excused++;
        lines
            .computeIfAbsent(entry.events().indexOf(unlogged), any -> new ArrayList<>())
            .add(line(unlogged, entry));
      }
    }
    return lines.values().stream().flatMap(List::stream).toList();
  }

  /**
   * Whether the MTA was killed between its log and its queue, and so did and logged the same again;
   * the journal has it once.
   */
  private boolean wasSaidBefore(LogLine line, TortureLog.Message message, JournalEntry entry) {
    return troubles.any(KILLS)
        && Set.of("sent", "bounced").contains(line.status())
        && message.lines().indexOf(line) < message.lines().lastIndexOf(line)
        && entry.events().stream().filter(n -> isSame(line, n)).count() == 1;
  }

  /**
   * Whether sendmail came again with what a next hop had taken: it logs what it was answered then,
   * which for a recipient among others can be the words that the next hop had for those. Where the
   * journal could not take the oddity, the daemon's log has it.
   */
  private boolean wasAnsweredFromTheJournal(LogLine line, JournalEntry entry) {
    String recipient = "the MTA came again with a message for <" + line.to() + ">";
    String logged = line.queueId() + ": " + recipient;
    return isSendmail
        && line.status().equals("sent")
        && (entry.events().stream()
                .filter(n -> n.kind().equals("oddity"))
                .anyMatch(n -> n.reason().filter(r -> r.startsWith(recipient)).isPresent())
            || daemonLog.stream().anyMatch(said -> said.contains(logged)));
  }

  /** The line of what sendmail was told again; if it had heard it before, moved to the end. */
  private List<LogLine> heard(
      LogLine line, JournalEntry entry, List<News> news, Map<Integer, List<LogLine>> lines) {
    Optional<News> taken =
        entry.events().stream()
            .filter(n -> n.kind().equals("relayed"))
            .filter(n -> n.recipient().filter(line.to()::equalsIgnoreCase).isPresent())
            .findFirst();
    if (taken.isEmpty()) {
      return List.of();
    }
    boolean logged =
        lines.values().stream()
            .map(of -> of.removeIf(earlier -> isSame(earlier, taken.get())))
            .reduce(false, Boolean::logicalOr);
    return news.remove(taken.get()) || logged ? List.of(line(taken.get(), entry)) : List.of();
  }

  /**
   * Whether the relay passed on what a next hop took, could write it into no file, and was killed:
   * the one loss that doc/INTERNALS.md names, and the daemon's log has the words.
   */
  private boolean wasUnwritable(LogLine line) {
    return isSendmail
        && line.status().equals("sent")
        && daemonLog.stream()
            .anyMatch(words -> words.contains(line.queueId() + ": to=<" + line.to() + ">"))
        && copies
            .takenAt(line.queueId(), line.to(), line.text())
            .filter(at -> troubles.isAround(at, Set.of(Kind.DISK_FAILED)))
            .isPresent();
  }

  /**
   * The relay records what was refused at RCPT with the content, which has the queue id. Killed in
   * between, or with a journal that cannot commit, it loses the words (doc/INTERNALS.md).
   */
  private boolean endedWithTheRelay(LogLine line) {
    boolean deferred = line.status().equals("deferred");
    boolean refused = line.status().equals("bounced") && wasRelayKilled();
    if (!isSendmail || !(deferred || refused)) {
      return false;
    }
    lostDeferrals += deferred ? 1 : 0;
    lostRefusals += refused ? 1 : 0;
    return true;
  }

  private boolean wasRelayKilled() {
    return troubles.any(unlogging());
  }

  private boolean isSame(LogLine line, News news) {
    return isSendmail
        ? SendmailOracle.differences(List.of(line), only(news)).isEmpty()
        : Likeness.isSame(line, news);
  }

  private static JournalEntry only(News news) {
    return new JournalEntry(
        "",
        "",
        "",
        Optional.empty(),
        "",
        Optional.empty(),
        new JournalEntry.Peer(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
        0,
        List.of(),
        List.of(),
        List.of(news));
  }

  /**
   * How often the MTA was killed, or lost the relay, between this being done and its log's line.
   * The same may have been done again later, and the log's line be of then.
   */
  private long unlogged(News news, JournalEntry entry) {
    boolean outcome = Set.of("relayed", "delivered", "failed", "delayed").contains(news.kind());
    boolean possible =
        !news.kind().equals("relayed")
            || copies
                .takenAt(entry.queueId(), news.recipient().orElse(""), news.reply().orElse(""))
                .isPresent();
    return outcome && possible
        ? entry.events().stream()
            .filter(other -> words(other).equals(words(news)))
            .filter(o -> o.at().filter(at -> troubles.isAroundTold(at, unlogging())).isPresent())
            .count()
        : 0;
  }

  /**
   * Whether an alias's target, of which Postfix tells nobody but its log, was done with behind a
   * deferral when the MTA was killed.
   */
  private boolean isEndOfATarget(News news, TortureLog.Message message, JournalEntry entry) {
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
        && logged.equals(List.of("deferred"))
        && news.at().filter(at -> troubles.isAroundTold(at, KILLS)).isPresent()
        && copies.isTaken(entry.queueId(), recipient);
  }

  private static String words(News news) {
    return news.kind() + news.recipient().orElse("") + " " + news.reply().orElse("");
  }

  /** What can come between something done and its line in the log. */
  private Set<Kind> unlogging() {
    if (!isSendmail) {
      return KILLS;
    }
    Set<Kind> kinds = new HashSet<>(KILLS);
    kinds.addAll(ENDS_OF_THE_RELAY);
    return kinds;
  }

  /** The line that the MTA would have logged. */
  private LogLine line(News news, JournalEntry entry) {
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
      text = news.reply().orElse("").replaceFirst("^[0-9]{3} [0-9.]+ ", "");
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
