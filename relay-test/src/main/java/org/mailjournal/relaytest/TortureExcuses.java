package org.mailjournal.relaytest;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
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

  /** What the exchangers and mailboxes got, and what they did not want. */
  interface Copies {
    /** When the one was taken to which a reply was given; empty when there is none. */
    Optional<Instant> takenAt(String queueId, String recipient, String reply);

    /** When an exchanger took those for a recipient. */
    List<Instant> taken(String queueId, String recipient);

    /** When the message was put into a mailbox. */
    List<Instant> delivered(JournalEntry entry);

    /** When an exchanger refused a recipient or the content for him, for good or for now. */
    List<Exchanger.Refused> refused(String recipient);
  }

  private final boolean isSendmail;
  private final Troubles troubles;
  private final List<String> daemonLog;
  private final TortureLosses losses;
  private final TortureUnlogged unlogged;
  private int excused;

  /**
   * @param daemonLog what it says of replies that no file could take, and of those told again
   * @param oddities the journal's words of those
   * @param log of all messages
   */
  TortureExcuses(
      boolean isSendmail,
      Troubles troubles,
      Copies copies,
      List<String> daemonLog,
      List<String> oddities,
      TortureLog log) {
    this.isSendmail = isSendmail;
    this.troubles = troubles;
    this.daemonLog = daemonLog;
    this.losses = new TortureLosses(troubles, copies, daemonLog, oddities, log);
    this.unlogged = new TortureUnlogged(isSendmail, troubles, copies);
  }

  /** What was lost with the relay. */
  TortureLosses losses() {
    return losses;
  }

  int excused() {
    return excused;
  }

  /**
   * The log without what nobody could tell us, and with what a killed MTA could not log, in the
   * order in which it came to pass.
   */
  List<LogLine> explained(LoggedMessage message, JournalEntry entry) {
    TreeMap<Integer, List<LogLine>> lines = new TreeMap<>();
    Map<LogLine, Integer> untold = message.untold(troubles, isSendmail ? Set.of() : KILLS);
    List<News> news = new ArrayList<>(entry.events());
    int place = 0;
    for (LogLine line : message.lines()) {
      Optional<News> same = news.stream().filter(n -> isSame(line, n)).findFirst();
      same.ifPresent(news::remove);
      // What waited in the emergency file is recorded behind newer events, so the log's order
      // holds.
      place = Math.max(place, same.map(n -> entry.events().indexOf(n)).orElse(place));
      Optional<News> taken =
          same.isEmpty() && wasAnsweredFromTheJournal(line, entry)
              ? taken(line, entry)
              : Optional.empty();
      if (taken.isPresent()) {
        excused++;
        at(entry.events().size(), lines).addAll(heard(taken.get(), entry, news, lines));
      } else if (same.isEmpty() && isExcused(line, message, entry, untold)) {
        excused++;
      } else {
        at(place, lines).add(line);
      }
    }
    for (News one : unlogged.of(news, message, entry)) {
      excused++;
      at(entry.events().indexOf(one), lines).add(unlogged.line(one, entry));
    }
    return lines.values().stream().flatMap(List::stream).toList();
  }

  private static List<LogLine> at(int place, Map<Integer, List<LogLine>> lines) {
    return lines.computeIfAbsent(place, any -> new ArrayList<>());
  }

  private boolean isExcused(
      LogLine line, LoggedMessage message, JournalEntry entry, Map<LogLine, Integer> untold) {
    return untold.merge(line, -1, Integer::sum) >= 0
        || wasSaidBefore(line, message, entry)
        || (isSendmail && losses.explain(line));
  }

  /**
   * Whether the MTA was killed between its log and its queue, and so did and logged the same again;
   * the journal has it once.
   */
  private boolean wasSaidBefore(LogLine line, LoggedMessage message, JournalEntry entry) {
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

  /** What the journal must have, if it was answered from there. */
  private static Optional<News> taken(LogLine line, JournalEntry entry) {
    return entry.events().stream()
        .filter(n -> n.kind().equals("relayed"))
        .filter(n -> n.recipient().filter(line.to()::equalsIgnoreCase).isPresent())
        .findFirst();
  }

  /** The line of what sendmail was told again; if it had heard it before, moved to the end. */
  private List<LogLine> heard(
      News taken, JournalEntry entry, List<News> news, Map<Integer, List<LogLine>> lines) {
    boolean logged =
        lines.values().stream()
            .map(of -> of.removeIf(earlier -> isSame(earlier, taken)))
            .reduce(false, Boolean::logicalOr);
    return news.remove(taken) || logged ? List.of(unlogged.line(taken, entry)) : List.of();
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
}
