package org.mailjournal.egress;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Counts the onward connections to each destination. Who comes when there are as many as allowed
 * waits for a turn, one after the other: told to come again, the MTA would do so in its next queue
 * run only. A connection that is kept for its client's next mail is left to who waits.
 */
final class Slots {
  private static final Duration LOOK = Duration.ofMillis(200);

  private final Map<Destination, Place> places = new HashMap<>();
  private final int limit;
  private final Duration patience;

  /**
   * Nothing is open yet.
   *
   * @param patience how long one waits for a turn
   */
  Slots(int limit, Duration patience) {
    this.limit = limit;
    this.patience = patience;
  }

  private static final class Place {
    private final Deque<CountDownLatch> waiting = new ArrayDeque<>();
    private final Deque<NextHop> idle = new ArrayDeque<>();
    private int taken;
  }

  /** Takes one, or waits for it as long as it is wanted. */
  void take(Destination destination, BooleanSupplier unwanted) throws HopException {
    CountDownLatch turn = new CountDownLatch(1);
    NextHop idle = enter(destination, turn);
    if (idle != null) {
      idle.quit();
    }
    long deadline = System.nanoTime() + patience.toNanos();
    boolean goOn = true;
    while (goOn && !isReached(turn)) {
      goOn =
          !Thread.currentThread().isInterrupted()
              && System.nanoTime() - deadline < 0
              && !unwanted.getAsBoolean();
    }
    if (!goOn && leave(destination, turn)) {
      throw HopException.ours(
          451,
          "4.4.5",
          "there are %d connections to %s already, and none ended within %d s"
              .formatted(limit, destination, patience.toSeconds()),
          null);
    }
  }

  private static boolean isReached(CountDownLatch turn) {
    try {
      return turn.await(LOOK.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Begins to wait if it must; the connection that is to make room, if one can. */
  private synchronized NextHop enter(Destination destination, CountDownLatch turn) {
    Place place = places.computeIfAbsent(destination, d -> new Place());
    if (place.taken < limit) {
      place.taken++;
      turn.countDown();
      return null;
    }
    place.waiting.add(turn);
    return place.idle.poll();
  }

  /** Whether its turn has not come meanwhile, and will not. */
  private synchronized boolean leave(Destination destination, CountDownLatch turn) {
    return places.get(destination).waiting.remove(turn);
  }

  /** Gives one to who waits longest. */
  synchronized void release(Destination destination) {
    Place place = places.get(destination);
    CountDownLatch next = place.waiting.poll();
    if (next != null) {
      next.countDown();
    } else {
      place.taken--;
      if (place.taken == 0) {
        places.remove(destination);
      }
    }
  }

  /** Whether a connection may be kept: nobody waits for its slot. */
  synchronized boolean keep(NextHop hop) {
    Place place = places.get(hop.destination());
    return place.waiting.isEmpty() && place.idle.add(hop);
  }

  /** Whether a connection that was kept has not been left to somebody else. */
  synchronized boolean claim(NextHop hop) {
    Place place = places.get(hop.destination());
    return place != null && place.idle.remove(hop);
  }
}
