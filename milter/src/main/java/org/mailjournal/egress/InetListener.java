package org.mailjournal.egress;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;

/**
 * A TCP listener that can be stopped without ending the sessions: subethasmtp knows only both, and
 * tries a closed socket again each second.
 */
final class InetListener implements EgressRelay.Listener {
  private final CountDownLatch closed = new CountDownLatch(1);
  private ServerSocket socket;

  @Override
  public synchronized ServerSocket socket() throws IOException {
    socket = new Stoppable(closed);
    return socket;
  }

  @Override
  public synchronized void stop() {
    if (socket != null) {
      try {
        socket.close();
      } catch (IOException closedEnough) {
        // Nobody can connect any more.
      }
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }

  private static final class Stoppable extends ServerSocket {
    private final CountDownLatch closed;

    private Stoppable(CountDownLatch closed) throws IOException {
      this.closed = closed;
    }

    @Override
    public Socket accept() throws IOException {
      return Acceptance.of(super::accept, () -> !isClosed(), closed);
    }
  }
}
