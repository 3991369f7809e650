package org.mailjournal.egress;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Where one transaction has been, and for how long it may go elsewhere: our client waits. */
final class Journey {
  /** What has answered already is read behind the end, too. */
  private static final Duration LEAST = Duration.ofMillis(1);

  private final Set<Target> tried = new HashSet<>();
  private final Set<String> heard = new HashSet<>();
  private final long lastStart;
  private final long end;

  /**
   * Begins now.
   *
   * @param limit after which no other place is gone to; after twice as long none is waited for
   */
  Journey(Duration limit) {
    long now = System.nanoTime();
    this.lastStart = now + limit.toNanos();
    this.end = now + limit.multipliedBy(2).toNanos();
  }

  boolean hasTime() {
    return System.nanoTime() - lastStart < 0;
  }

  /** How long to wait for something: as long as usual, or as there is time. */
  Duration within(Duration usual) {
    Duration left = Duration.ofNanos(end - System.nanoTime());
    Duration most = left.compareTo(LEAST) < 0 ? LEAST : left;
    return usual.compareTo(most) < 0 ? usual : most;
  }

  void tries(Target target) {
    tried.add(target);
  }

  /**
   * A host has put it off. Its other addresses would say the same; sendmail leaves them out, too.
   */
  void heard(Target target) {
    tries(target);
    target.host().ifPresent(heard::add);
  }

  /** Those of the places that are still worth going to. */
  List<Target> left(List<Target> targets) {
    return targets.stream()
        .filter(target -> !tried.contains(target))
        .filter(target -> target.host().filter(heard::contains).isEmpty())
        .toList();
  }
}
