package org.mailjournal.relaytest;

import static java.util.Comparator.naturalOrder;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.mailjournal.relaytest.TorturePlan.Kind;

/**
 * The faults that there were, and what lies so near to one of them that it may explain it.
 *
 * @param throughRelay whether the MTA waits for the daemon's answer, and writes its queue file at
 *     the end of all, as sendmail does
 */
record Troubles(List<Trouble> all, boolean throughRelay) {
  /**
   * From a next hop's reply to the MTA's queue file and log. In half an hour of Postfix at load 20
   * none of 20,540 deliveries took more than 1.6 s from its connection to its line in the log.
   */
  private static final Duration SLACK = Duration.ofSeconds(2);

  /**
   * The same where an MTA writes its queue file when it has tried all recipients, as sendmail does:
   * two exchangers and a mailbox, one after the other. In that half hour 97 % of its transactions
   * took at most a second, and all but 0.5 % at most two.
   */
  private static final Duration ENVELOPE = Duration.ofSeconds(5);

  /**
   * Behind the daemon's start all that had waited comes at once. At load 25 nothing was recorded
   * from 0.8 s to 2.7 s behind one, as each pass waited for Postfix's own bounce(8).
   */
  private static final Duration CROWD = Duration.ofSeconds(5);

  /** What something waits for at most that was done while the daemon could not answer. */
  private static final Duration LONGEST = Duration.ofSeconds(10);

  /** They do their work in a moment; how long it is until the next start does not matter. */
  private static final Set<Kind> MOMENTS =
      Set.of(Kind.DAEMON_KILLED, Kind.MTA_KILLED, Kind.BOTH_KILLED, Kind.EXCHANGERS_GONE);

  /** How finely the run is looked at. */
  private static final Duration STEP = Duration.ofMillis(200);

  private static final Set<Kind> KILLS_OF_THE_MTA = Set.of(Kind.MTA_KILLED, Kind.BOTH_KILLED);

  /** They end when the daemon answers again. */
  private static final Set<Kind> STARTS = Set.of(Kind.DAEMON_KILLED, Kind.DAEMON_STOPPED);

  /** What keeps the daemon from answering, or its answers from being heard. */
  private static final Set<Kind> WAITS =
      Set.of(Kind.DAEMON_FROZEN, Kind.DISK_FULL, Kind.DISK_FAILED, Kind.CONNECTIONS_CUT);

  /**
   * A fault while it lasted.
   *
   * @param struck when it had been brought about: nothing lives that was killed, no connection is
   *     left that was cut
   * @param jump how far the daemon's clock was off meanwhile
   */
  record Trouble(Kind kind, Instant from, Instant struck, Instant to, Duration jump) {
    private Instant end() {
      return MOMENTS.contains(kind) ? struck : to;
    }

    private boolean isNear(Instant time) {
      return from.isBefore(time.plus(LONGEST)) && to.isAfter(time.minus(LONGEST));
    }

    private boolean meets(Instant earliest, Instant latest) {
      return !from.isAfter(latest) && !end().isBefore(earliest);
    }
  }

  Troubles {
    all = List.copyOf(all);
  }

  boolean any(Set<Kind> kinds) {
    return all.stream().anyMatch(t -> kinds.contains(t.kind()));
  }

  long count(Set<Kind> kinds) {
    return all.stream().filter(t -> kinds.contains(t.kind())).count();
  }

  /** Those of some kinds. */
  List<Trouble> of(Set<Kind> kinds) {
    return all.stream().filter(t -> kinds.contains(t.kind())).toList();
  }

  /** Whether one of these kinds came between what was done at that time and its record. */
  boolean isAround(Instant time, Set<Kind> kinds) {
    return isWithin(time, throughRelay ? answered(time, SLACK) : time.plus(SLACK), kinds)
        || (throughRelay
            && kinds.containsAll(KILLS_OF_THE_MTA)
            && isWithin(time, answered(time, ENVELOPE), KILLS_OF_THE_MTA));
  }

  private boolean isWithin(Instant time, Instant latest, Set<Kind> kinds) {
    return all.stream()
        .anyMatch(t -> kinds.contains(t.kind()) && t.meets(time.minus(SLACK), latest));
  }

  /** Until when the daemon had answered what it was told at that time, whatever made it wait. */
  Instant answered(Instant time) {
    Instant usual = answered(time, SLACK);
    Instant behindStart =
        all.stream()
            .filter(t -> STARTS.contains(t.kind()))
            .filter(t -> !t.from().isAfter(usual) && !t.to().isBefore(time.minus(SLACK)))
            .map(t -> t.to().plus(CROWD))
            .max(naturalOrder())
            .orElse(usual);
    Instant longest = time.plus(LONGEST);
    Instant latest = behindStart.isAfter(usual) ? behindStart : usual;
    return latest.isAfter(longest) ? longest : latest;
  }

  private Instant answered(Instant time, Duration slack) {
    Instant longest = time.plus(LONGEST);
    Instant end = time.plus(slack);
    List<Trouble> waits =
        all.stream()
            .filter(t -> WAITS.contains(t.kind()) && t.meets(time.minus(SLACK), longest))
            .sorted(Comparator.comparing(Trouble::from))
            .toList();
    for (Trouble wait : waits) {
      Instant next = wait.to().plus(SLACK);
      end = !wait.from().isAfter(end) && next.isAfter(end) ? next : end;
    }
    return end.isAfter(longest) ? longest : end;
  }

  /** How much of the time from the first of them to the last one is so, in per cent. */
  long percent(Predicate<Instant> isSo) {
    Instant begin = all.stream().map(Trouble::from).min(naturalOrder()).orElse(Instant.EPOCH);
    Instant end = all.stream().map(Trouble::to).max(naturalOrder()).orElse(Instant.EPOCH);
    long samples = Duration.between(begin, end).dividedBy(STEP) + 1;
    long those =
        LongStream.range(0, samples)
            .filter(i -> isSo.test(begin.plus(STEP.multipliedBy(i))))
            .count();
    return Math.round(100.0 * those / samples);
  }

  /**
   * Whether one of these kinds was around what the daemon told of that time, whose clock may have
   * been off. It tells of a pass when the pass has ended, and of one that was cut off with the
   * next.
   */
  boolean isAroundTold(Instant time, Set<Kind> kinds) {
    return isNear(time, kinds)
        || all.stream()
            .filter(t -> !t.jump().isZero() && t.isNear(time.minus(t.jump())))
            .anyMatch(t -> isNear(time.minus(t.jump()), kinds));
  }

  private boolean isNear(Instant time, Set<Kind> kinds) {
    return all.stream().anyMatch(t -> kinds.contains(t.kind()) && t.isNear(time));
  }
}
