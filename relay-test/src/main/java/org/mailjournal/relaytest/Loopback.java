package org.mailjournal.relaytest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.concurrent.ThreadLocalRandom;

/** What the loopback interface has to give. */
final class Loopback {
  private static final byte[] IPV4 = {127, 0, 0, 1};
  private static final byte[] IPV6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

  private static final int LOWEST_PORT = 10_000;
  private static final int HIGHEST_PORT = 32_000;

  private Loopback() {}

  static InetAddress address(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException neitherFourNorSixteenBytes) {
      throw new IllegalArgumentException(neitherFourNorSixteenBytes);
    }
  }

  static InetSocketAddress ipv4(int port) {
    return new InetSocketAddress(address(IPV4), port);
  }

  static InetSocketAddress ipv6(int port) {
    return new InetSocketAddress(address(IPV6), port);
  }

  /**
   * A port that nobody listens on now, and that no connection is given for its own end: the system
   * takes those from a range above (Linux ip_local_port_range, 32768 on), also while what listened
   * at a port is down for a moment.
   */
  static int freePort() {
    for (int tries = 0; tries < 1000; tries++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST_PORT, HIGHEST_PORT);
      try (ServerSocket socket = new ServerSocket(port, 1, address(IPV4))) {
        return socket.getLocalPort();
      } catch (BindException taken) {
        // The next may be free.
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    throw new IllegalStateException("no port from " + LOWEST_PORT + " on is free");
  }

  /** Containers often come without ::1. */
  static boolean hasIpv6() {
    try (ServerSocket socket = new ServerSocket(0, 1, address(IPV6))) {
      return socket.isBound();
    } catch (IOException none) {
      return false;
    }
  }

  static boolean answers(InetSocketAddress address) {
    try (Socket socket = new Socket()) {
      socket.connect(address, 1000);
      socket.setSoTimeout(5000);
      return socket.getInputStream().read() >= 0;
    } catch (IOException notYet) {
      return false;
    }
  }
}
