package org.mailjournal.relaytest;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What is done to the system and when. It follows from the seed and the time alone, so that the
 * seed of a failure replays it.
 */
record TorturePlan(long seed, Duration time, OnFailure onFailure, List<Fault> faults) {
  private static final int EARLIEST = 700;
  private static final int LATEST = 3500;
  private static final int LONGEST = 2500;

  /** What can be done to it. */
  enum Kind {
    /** SIGKILL, and a new start. */
    DAEMON_KILLED(6),
    /** SIGTERM, and a new start. */
    DAEMON_STOPPED(2),
    /** SIGSTOP, and SIGCONT. */
    DAEMON_FROZEN(3),
    /** SIGKILL of every process of the MTA, and a new start. */
    MTA_KILLED(3),
    /** Both at once, as when a machine loses its power, but for what only the disk had. */
    BOTH_KILLED(2),
    /** No connection to any next hop, and those that were open are reset. */
    EXCHANGERS_GONE(3),
    /** The connections between MTA and daemon are reset. */
    CONNECTIONS_CUT(3),
    /** Not one byte is left on the journal's disk. */
    DISK_FULL(4),
    /** The journal's disk fails and turns read-only; what was not synced is lost. */
    DISK_FAILED(2),
    /** The daemon's clock jumps, and jumps back. */
    CLOCK_MOVED(3);

    private final int weight;

    Kind(int weight) {
      this.weight = weight;
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
   * One of them.
   *
   * @param after so long after the one before it was over
   * @param length how long it lasts
   */
  record Fault(Duration after, Kind kind, Duration length) {
    private static final List<Duration> JUMPS =
        List.of(
            Duration.ofSeconds(2), Duration.ofSeconds(90), Duration.ofHours(2), Duration.ofDays(3));

    /** How far the clock goes, forward or back; zero for all other faults. */
    Duration jump() {
      if (kind != Kind.CLOCK_MOVED) {
        return Duration.ZERO;
      }
      int which = (int) (length.toMillis() % (2L * JUMPS.size()));
      Duration size = JUMPS.get(which / 2);
      return which % 2 == 0 ? size : size.negated();
    }

    @Override
    public String toString() {
      return kind + " for " + length.toMillis() + " ms";
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
      Fault fault =
          new Fault(after, Kind.any(random), Duration.ofMillis(1 + random.nextInt(LONGEST)));
      if (fault.kind() != Kind.CLOCK_MOVED || onFailure == OnFailure.TEMPFAIL) {
        faults.add(fault);
      }
      at = at.plus(fault.after()).plus(fault.length());
    }
    return new TorturePlan(seed, time, onFailure, faults);
  }
}
