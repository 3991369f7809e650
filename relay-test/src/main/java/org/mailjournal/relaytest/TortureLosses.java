package org.mailjournal.relaytest;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.mailjournal.relaytest.Mta.LogLine;
import org.mailjournal.relaytest.TorturePlan.Kind;

/**
 * What of sendmail's log the relay did not live to record, as the crash table of doc/INTERNALS.md
 * says. An exchanger that refused knows when it did, and the log has no times.
 */
final class TortureLosses {
  /**
   * After which what was passed back at RCPT is nowhere, for the relay is no more, or can write
   * nothing. Behind a connection that is cut it records it (Chronicle.abandoned).
   */
  private static final Set<Kind> ENDS_OF_REFUSALS =
      Set.of(Kind.DAEMON_KILLED, Kind.BOTH_KILLED, Kind.DISK_FAILED);

  /** Transactions that one end of the relay cuts: a few at a time, and in a run less than one. */
  private static final int MOST_AT_ONCE = 10;

  private static final int REFUSALS_OF_AN_END = 1;

  private static final int DEFERRALS_OF_AN_END = 5;

  private static final Set<Kind> ENDS =
      Set.of(
          Kind.MTA_KILLED,
          Kind.BOTH_KILLED,
          Kind.DAEMON_KILLED,
          Kind.CONNECTIONS_CUT,
          Kind.DISK_FAILED);

  private static final Set<Kind> DISK = Set.of(Kind.DISK_FULL, Kind.DISK_FAILED);

  private final Troubles troubles;
  private final TortureExcuses.Copies copies;
  private final List<String> daemonLog;
  private final List<String> oddities;
  private final TortureLog log;
  private int deferrals;
  private int refusals;

  TortureLosses(
      Troubles troubles,
      TortureExcuses.Copies copies,
      List<String> daemonLog,
      List<String> oddities,
      TortureLog log) {
    this.troubles = troubles;
    this.copies = copies;
    this.daemonLog = daemonLog;
    this.oddities = oddities;
    this.log = log;
  }

  int deferrals() {
    return deferrals;
  }

  int refusals() {
    return refusals;
  }

  /** More of one excuse than the faults can explain. */
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    long ends = troubles.count(ENDS);
    if (refusals > MOST_AT_ONCE + REFUSALS_OF_AN_END * ends) {
      problems.add("lost: " + refusals + " refusals, with " + ends + " ends of the relay");
    }
    if (deferrals > MOST_AT_ONCE + DEFERRALS_OF_AN_END * ends) {
      problems.add("lost: " + deferrals + " deferrals, with " + ends + " ends of the relay");
    }
    return problems;
  }

  /** Whether a fault explains why the journal does not have it; counts it. */
  boolean explain(LogLine line) {
    return wasUnwritable(line) || endedWithTheRelay(line);
  }

  /**
   * Whether the relay passed on what a next hop took, could write it into no file, and was killed:
   * the one loss that doc/INTERNALS.md names, and the daemon's log has the words.
   */
  private boolean wasUnwritable(LogLine line) {
    return line.status().equals("sent")
        && daemonLog.stream()
            .anyMatch(words -> words.contains(line.queueId() + ": to=<" + line.to() + ">"))
        && copies
            .takenAt(line.queueId(), line.to(), line.text())
            .filter(at -> troubles.isAround(at, Set.of(Kind.DISK_FAILED)))
            .isPresent();
  }

  /**
   * The relay records what was refused at RCPT with the content, which has the queue id. Killed in
   * between, or with a disk that fails, it loses the words (doc/INTERNALS.md); and where it cannot
   * tell two messages apart it says them of none.
   */
  private boolean endedWithTheRelay(LogLine line) {
    boolean deferred = line.status().equals("deferred");
    if (line.status().equals("sent")) {
      return false;
    }
    List<Exchanger.Refused> heard =
        copies.refused(line.to()).stream().filter(refused -> isOf(line, refused)).toList();
    // What the relay says of its own accord has no time.
    boolean mayComeAgain = deferred || log.refusals(line.to()) > 1;
    boolean mayBeLost =
        heard.isEmpty() ? deferred : isUnnamed(heard) || wasCutOff(heard, mayComeAgain);
    deferrals += mayBeLost && deferred ? 1 : 0;
    refusals += mayBeLost && !deferred ? 1 : 0;
    return mayBeLost;
  }

  /** Sendmail logs a deferral with its words, a refusal with its status only. */
  private static boolean isOf(LogLine line, Exchanger.Refused refused) {
    return line.status().equals("deferred")
        ? refused.reply().equals(line.text())
        : refused.stage() == Stage.RCPT && refused.reply().startsWith("5");
  }

  private boolean isUnnamed(List<Exchanger.Refused> heard) {
    return heard.stream().anyMatch(this::isUnnamed);
  }

  /** The journal has the words beside no message, or only the daemon's log, for want of room. */
  private boolean isUnnamed(Exchanger.Refused refused) {
    String words = "<" + refused.recipient() + "> (" + refused.reply() + ")";
    return oddities.stream().anyMatch(oddity -> oddity.contains(words))
        || (daemonLog.stream().anyMatch(said -> said.contains(words))
            && troubles.isAround(refused.at(), DISK));
  }

  /**
   * Who was refused for good does not come again, unless the MTA was killed over it, or has another
   * message.
   */
  private boolean wasCutOff(List<Exchanger.Refused> heard, boolean mayComeAgain) {
    Instant last = heard.get(heard.size() - 1).at();
    return heard.stream()
        .map(Exchanger.Refused::at)
        .filter(
            at -> mayComeAgain || at.equals(last) || troubles.isAround(at, TortureExcuses.KILLS))
        .anyMatch(at -> troubles.isAround(at, ENDS_OF_REFUSALS));
  }
}
