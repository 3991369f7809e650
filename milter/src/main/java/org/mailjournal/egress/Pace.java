package org.mailjournal.egress;

import java.io.IOException;
import java.time.Duration;

/**
 * How slowly our client may send a content. A socket's own timeout starts anew with each byte that
 * trickles in, and every message under way has a connection to the next hop.
 */
final class Pace {
  /** Of waiting for the client, not of the next hop. */
  private static final int LEAST_BYTES_A_SECOND = 100;

  private final Watchdog.Guard guard;
  private final Duration patience;
  private long read;
  private long waited;

  Pace(Watchdog.Guard guard, Duration patience) {
    this.guard = guard;
    this.patience = patience;
  }

  /** The next block, if it comes before the client is too far behind. */
  int of(ContentReader reader) throws IOException {
    long earned = read * (1_000_000_000L / LEAST_BYTES_A_SECOND);
    guard.arm(patience.plusNanos(earned - waited));
    long before = System.nanoTime();
    try {
      int length = reader.next();
      read += Math.max(length, 0);
      return length;
    } finally {
      guard.disarm();
      waited += System.nanoTime() - before;
    }
  }
}
