package org.mailjournal.egress;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CountDownLatch;

/** A unix socket in the clothes of a TCP one, which is what subethasmtp takes. */
final class UnixListener implements EgressRelay.Listener {
  private final Path path;
  private final CountDownLatch closed = new CountDownLatch(1);
  private ServerSocketChannel channel;

  UnixListener(Path path) {
    this.path = path;
  }

  @Override
  public synchronized ServerSocket socket() throws IOException {
    Files.deleteIfExists(path);
    channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    channel.bind(UnixDomainSocketAddress.of(path));
    // The MTA is in our group; nobody else has business here.
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));
    return new Disguise();
  }

  @Override
  public synchronized void stop() {
    if (channel != null && channel.isOpen()) {
      try {
        channel.close();
        Files.deleteIfExists(path);
      } catch (IOException closedEnough) {
        // Nobody can connect any more.
      }
    }
  }

  @Override
  public void close() {
    closed.countDown();
  }

  private final class Disguise extends ServerSocket {
    private Disguise() throws IOException {
      super();
    }

    @Override
    public void bind(SocketAddress ignored, int backlog) {}

    @Override
    public int getLocalPort() {
      return 0;
    }

    @Override
    public Socket accept() throws IOException {
      try {
        return new UnixSocket(channel.accept());
      } catch (IOException stopped) {
        InetListener.waitFor(closed);
        throw stopped;
      }
    }

    @Override
    public void close() {
      stop();
    }
  }

  /** What stands for the address of a client on this machine. */
  static InetSocketAddress here() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }
}
