package org.mailjournal.relaytest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * What is done to the system and when. It follows from the seed and the time alone, so that the
 * seed of a failure replays it.
 */
record TorturePlan(long seed, Duration time, OnFailure onFailure, List<Fault> faults) {
  private static final int EARLIEST = 700;
  private static final int LATEST = 3500;
  private static final int LONGEST = 2500;

  /** One fault in so many has another beside it. */
  private static final int TOGETHER = 3;

  /** What a fault is done to. Two that are done to different parts can last at the same time. */
  private enum Part {
    DAEMON,
    MTA,
    EXCHANGERS,
    CONNECTIONS,
    DISK,
    CLOCK
  }

  /** What can be done to it. */
  enum Kind {
    /** SIGKILL, and a new start. */
    DAEMON_KILLED(6, Part.DAEMON),
    /** SIGTERM, and a new start. */
    DAEMON_STOPPED(2, Part.DAEMON),
    /** SIGSTOP, and SIGCONT. */
    DAEMON_FROZEN(3, Part.DAEMON),
    /** SIGKILL of every process of the MTA, and a new start. */
    MTA_KILLED(3, Part.MTA),
    /** Both at once, as when a machine loses its power, but for what only the disk had. */
    BOTH_KILLED(2, Part.DAEMON, Part.MTA),
    /** No connection to any next hop, and those that were open are reset. */
    EXCHANGERS_GONE(3, Part.EXCHANGERS),
    /**
     * The connections between MTA and daemon are reset; the daemon hears what comes on new ones,
     * and what it answers is lost, until they are reset as well.
     */
    CONNECTIONS_CUT(3, Part.CONNECTIONS),
    /** Not one byte is left on the journal's disk. */
    DISK_FULL(4, Part.DISK),
    /** The journal's disk fails and turns read-only; what was not synced is lost. */
    DISK_FAILED(2, Part.DISK, Part.DAEMON),
    /** The daemon's clock jumps, and jumps back. */
    CLOCK_MOVED(3, Part.CLOCK);

    private final int weight;

    @SuppressWarnings("ImmutableEnumChecker") // Set.of makes none that can be changed.
    private final Set<Part> parts;

    Kind(int weight, Part... parts) {
      this.weight = weight;
      this.parts = Set.of(parts);
    }

    private boolean canBeBeside(Kind other) {
      return Collections.disjoint(parts, other.parts);
    }

    /** A start waits until what is started answers, which it does not while other things last. */
    private int turnToEnd() {
      if (parts.contains(Part.MTA)) {
        return 2;
      }
      return parts.contains(Part.DAEMON) && this != DAEMON_FROZEN ? 1 : 0;
    }

    private static Kind any(Random random) {
      int total = 0;
      for (Kind kind : values()) {
        total += kind.weight;
      }
      int left = random.nextInt(total);
      for (Kind kind : values()) {
        left -= kind.weight;
        if (left < 0) {
          return kind;
        }
      }
      throw new IllegalStateException("the weights do not add up");
    }
  }

  /**
   * One of them, or two, of which the second begins when half of the time is over.
   *
   * @param after so long after the one before it was over
   * @param kinds in the order in which they begin
   * @param length how long the first lasts
   */
  record Fault(Duration after, List<Kind> kinds, Duration length) {
    private static final List<Duration> JUMPS =
        List.of(
            Duration.ofSeconds(2), Duration.ofSeconds(90), Duration.ofHours(2), Duration.ofDays(3));

    Fault {
      kinds = List.copyOf(kinds);
    }

    /** In the order in which they end. */
    List<Kind> toEnd() {
      return kinds.stream().sorted(Comparator.comparingInt(Kind::turnToEnd)).toList();
    }

    /** How far the clock goes with such a fault, forward or back; zero for all others. */
    Duration jump(Kind kind) {
      if (kind != Kind.CLOCK_MOVED) {
        return Duration.ZERO;
      }
      int which = (int) (length.toMillis() % (2L * JUMPS.size()));
      Duration size = JUMPS.get(which / 2);
      return which % 2 == 0 ? size : size.negated();
    }

    @Override
    public String toString() {
      return kinds + " for " + length.toMillis() + " ms";
    }
  }

  TorturePlan {
    faults = List.copyOf(faults);
  }

  /** What becomes of mail while the journal cannot be had. */
  enum OnFailure {
    TEMPFAIL,
    /** It passes. Then the daemon's clock stays right, for gaps are told by its times. */
    ACCEPT
  }

  static TorturePlan of(long seed, Duration time, OnFailure onFailure) {
    Random random = new Random(seed);
    List<Fault> faults = new ArrayList<>();
    Duration at = Duration.ZERO;
    while (at.compareTo(time) < 0) {
      Duration after = Duration.ofMillis(EARLIEST + random.nextInt(LATEST - EARLIEST));
      List<Kind> kinds = kinds(random);
      Duration length = Duration.ofMillis(1 + random.nextInt(LONGEST));
      if (!kinds.contains(Kind.CLOCK_MOVED) || onFailure == OnFailure.TEMPFAIL) {
        faults.add(new Fault(after, kinds, length));
      }
      at = at.plus(after).plus(length);
    }
    return new TorturePlan(seed, time, onFailure, faults);
  }

  private static List<Kind> kinds(Random random) {
    Kind first = Kind.any(random);
    if (random.nextInt(TOGETHER) > 0) {
      return List.of(first);
    }
    Kind second = Kind.any(random);
    return first.canBeBeside(second) ? List.of(first, second) : List.of(first);
  }
}
