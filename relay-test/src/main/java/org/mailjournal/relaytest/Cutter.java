package org.mailjournal.relaytest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Stands between two programs on one machine and passes every octet on, until it is told to cut:
 * then both sides see a reset connection, as they do when a firewall, a cable or the other machine
 * goes; at a UNIX socket a closed one.
 */
final class Cutter implements AutoCloseable {
  private static final int WAITING = 500;

  private final SocketAddress door;
  private final SocketAddress target;
  private final Set<SocketChannel> open = new HashSet<>();
  private ServerSocketChannel listener;
  private Thread listening;
  private volatile boolean deaf;

  private Cutter(SocketAddress door, SocketAddress target) {
    this.door = door;
    this.target = target;
  }

  /** One that listens at a port of its own. */
  static Cutter before(InetSocketAddress target) {
    return opened(new Cutter(Loopback.ipv4(Loopback.freePort()), target));
  }

  /** One between UNIX sockets, open to everybody. */
  static Cutter between(Path door, Path target) {
    return opened(new Cutter(UnixDomainSocketAddress.of(door), UnixDomainSocketAddress.of(target)));
  }

  private static Cutter opened(Cutter cutter) {
    cutter.open();
    return cutter;
  }

  int port() {
    return ((InetSocketAddress) door).getPort();
  }

  /** Listens; does nothing when it does so already. */
  synchronized void open() {
    if (listener != null) {
      return;
    }
    try {
      ServerSocketChannel channel = ServerSocketChannel.open(family(door));
      if (door instanceof UnixDomainSocketAddress unix) {
        Files.deleteIfExists(unix.getPath());
        channel.bind(door, WAITING);
        Files.setPosixFilePermissions(unix.getPath(), PosixFilePermissions.fromString("rw-rw-rw-"));
      } else {
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        channel.bind(door, WAITING);
      }
      listener = channel;
      listening = Threads.daemon(() -> accept(channel));
      listening.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static StandardProtocolFamily family(SocketAddress address) {
    return address instanceof UnixDomainSocketAddress
        ? StandardProtocolFamily.UNIX
        : StandardProtocolFamily.INET;
  }

  /** From now on nobody hears what the target says, or else everybody does again. */
  void swallowReplies(boolean swallow) {
    deaf = swallow;
  }

  /** Resets every connection; new ones are taken. */
  void cut() {
    List<SocketChannel> channels;
    synchronized (this) {
      channels = new ArrayList<>(open);
      open.clear();
    }
    channels.forEach(Cutter::reset);
  }

  /** Resets every connection, and refuses new ones until {@link #open}. */
  void shut() {
    synchronized (this) {
      if (listener != null) {
        closeQuietly(listener);
        listener = null;
        awaitEnd(listening);
      }
    }
    cut();
  }

  /**
   * As long as a thread is in accept(2), the kernel keeps the door, and nobody can open it anew.
   */
  private static void awaitEnd(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    shut();
  }

  private void accept(ServerSocketChannel at) {
    while (at.isOpen()) {
      try {
        SocketChannel client = at.accept();
        Threads.daemon(() -> connect(client)).start();
      } catch (IOException shut) {
        // Asked again at the loop's head.
      }
    }
  }

  private void connect(SocketChannel client) {
    try (client;
        SocketChannel server = SocketChannel.open(family(target))) {
      synchronized (this) {
        open.add(client);
        open.add(server);
      }
      try {
        between(client, server);
      } catch (IOException unreachable) {
        reset(client);
        reset(server);
      } finally {
        synchronized (this) {
          open.remove(client);
          open.remove(server);
        }
      }
    } catch (IOException gone) {
      // Nobody is left to whom it matters.
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private void between(SocketChannel client, SocketChannel server)
      throws IOException, InterruptedException {
    promptly(client);
    promptly(server);
    server.connect(target);
    Thread back = Threads.daemon(() -> pass(server, client, true));
    back.start();
    pass(client, server, false);
    back.join();
  }

  private static void promptly(SocketChannel channel) throws IOException {
    if (channel.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY)) {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }
  }

  private void pass(SocketChannel from, SocketChannel to, boolean replies) {
    ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);
    try {
      while (from.read(buffer.clear()) >= 0) {
        buffer.flip();
        while (buffer.hasRemaining() && !(replies && deaf)) {
          to.write(buffer);
        }
      }
      to.shutdownOutput();
    } catch (IOException cut) {
      reset(from);
      reset(to);
    }
  }

  private static void reset(SocketChannel channel) {
    try {
      if (channel.supportedOptions().contains(StandardSocketOptions.SO_LINGER)) {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      }
    } catch (IOException gone) {
      // Closed by its other end.
    }
    closeQuietly(channel);
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception gone) {
      // It is of no use any more in any case.
    }
  }
}
