package org.mailjournal.egress;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one connection for the library, which would log a stack trace a second while there are no
 * file descriptors, and try a closed socket again for ever.
 */
final class Acceptance {
  private static final Logger LOG = LoggerFactory.getLogger(Acceptance.class);
  private static final Duration QUIET = Duration.ofMinutes(1);
  private static final long PAUSE_MILLIS = 500;

  private Acceptance() {}

  /** An accept(2). */
  interface Taking {
    Socket take() throws IOException;
  }

  /**
   * The next connection.
   *
   * @param open whether somebody still listens
   * @param closed keeps the library's listening thread quiet until it is told to end, which
   *     interrupts it
   */
  static Socket of(Taking taking, BooleanSupplier open, CountDownLatch closed) throws IOException {
    AtomicLong said = new AtomicLong(System.nanoTime() - QUIET.toNanos());
    while (true) {
      try {
        return taking.take();
      } catch (IOException failed) {
        if (!open.getAsBoolean() || !rest(failed, said)) {
          waitFor(closed);
          throw failed;
        }
      }
    }
  }

  private static boolean rest(IOException failed, AtomicLong said) {
    if (System.nanoTime() - said.get() >= QUIET.toNanos()) {
      said.set(System.nanoTime());
      LOG.error(
          "egress: no more connections can be taken ({}); others wait;"
              + " raise LimitNOFILE in the unit, or ulimit -n",
          failed.getMessage());
    }
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      return true;
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static void waitFor(CountDownLatch closed) {
    try {
      closed.await();
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
    }
  }
}
