package org.mailjournal.relaytest;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Stands between two programs on loopback and passes every octet on, until it is told to cut: then
 * both sides see a reset connection, as they do when a firewall, a cable or the other machine goes.
 */
final class Cutter implements AutoCloseable {
  private final InetSocketAddress target;
  private final int port = Loopback.freePort();
  private final Set<Socket> open = new HashSet<>();
  private ServerSocket door;
  private volatile boolean deaf;

  private Cutter(InetSocketAddress target) {
    this.target = target;
  }

  /** One that listens at a port of its own. */
  static Cutter before(InetSocketAddress target) {
    Cutter cutter = new Cutter(target);
    cutter.open();
    return cutter;
  }

  int port() {
    return port;
  }

  /** Listens; does nothing when it does so already. */
  synchronized void open() {
    if (door != null) {
      return;
    }
    try {
      ServerSocket socket = new ServerSocket();
      socket.setReuseAddress(true);
      socket.bind(Loopback.ipv4(port), 500);
      door = socket;
      Threads.daemon(() -> accept(socket)).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** From now on nobody hears what the target says, or else everybody does again. */
  void swallowReplies(boolean swallow) {
    deaf = swallow;
  }

  /** Resets every connection; new ones are taken. */
  void cut() {
    List<Socket> sockets;
    synchronized (this) {
      sockets = new ArrayList<>(open);
      open.clear();
    }
    sockets.forEach(Cutter::reset);
  }

  /** Resets every connection, and refuses new ones until {@link #open}. */
  void shut() {
    synchronized (this) {
      if (door != null) {
        closeQuietly(door);
        door = null;
      }
    }
    cut();
  }

  @Override
  public void close() {
    shut();
  }

  private void accept(ServerSocket at) {
    while (!at.isClosed()) {
      try {
        Socket client = at.accept();
        Threads.daemon(() -> connect(client)).start();
      } catch (IOException shut) {
        // Asked again at the loop's head.
      }
    }
  }

  private void connect(Socket client) {
    Socket server = new Socket();
    synchronized (this) {
      open.add(client);
      open.add(server);
    }
    try {
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      server.connect(target, 5000);
      Thread back = Threads.daemon(() -> pass(server, client, true));
      back.start();
      pass(client, server, false);
      back.join();
      client.close();
      server.close();
    } catch (IOException unreachable) {
      reset(client);
      reset(server);
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      open.remove(client);
      open.remove(server);
    }
  }

  private void pass(Socket from, Socket to, boolean replies) {
    byte[] buffer = new byte[16 * 1024];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (!replies || !deaf) {
          out.write(buffer, 0, read);
          out.flush();
        }
      }
      to.shutdownOutput();
    } catch (IOException cut) {
      reset(from);
      reset(to);
    }
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
    } catch (IOException gone) {
      // Closed by its other end.
    }
    closeQuietly(socket);
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception gone) {
      // It is of no use any more in any case.
    }
  }
}
