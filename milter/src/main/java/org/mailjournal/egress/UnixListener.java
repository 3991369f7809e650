package org.mailjournal.egress;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CountDownLatch;

/**
 * A unix socket in the clothes of a TCP one, which is what subethasmtp takes. It is bound in a
 * directory that nobody else can enter, given its rights there, and then moved to its place: at no
 * moment can anybody connect who may not, whatever the umask.
 */
final class UnixListener implements EgressRelay.Listener {
  private static final int TYPE = 0170000;
  private static final int SOCKET = 0140000;

  private final Path path;
  private final CountDownLatch closed = new CountDownLatch(1);
  private ServerSocketChannel channel;

  UnixListener(Path path) {
    this.path = path;
  }

  @Override
  public synchronized ServerSocket socket() throws IOException {
    refuseOccupied();
    Path nursery =
        Files.createTempDirectory(
            path.toAbsolutePath().getParent(),
            ".e",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    try {
      Path bound = nursery.resolve("s");
      channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      channel.bind(UnixDomainSocketAddress.of(bound));
      // The MTA is in our group; nobody else has business here.
      Files.setPosixFilePermissions(bound, PosixFilePermissions.fromString("rw-rw----"));
      Files.move(bound, path, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(nursery.resolve("s"));
      Files.delete(nursery);
    }
    return new Disguise();
  }

  /** Only the socket of a dead process may be replaced. */
  private void refuseOccupied() throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    if ((mode & TYPE) != SOCKET) {
      throw new FileAlreadyExistsException(path + " is there already, and is not a socket");
    }
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.connect(UnixDomainSocketAddress.of(path));
    } catch (ConnectException nobodyListens) {
      return;
    }
    throw new IOException(path + " is in use by another process");
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
      return Acceptance.of(this::connection, channel::isOpen, closed);
    }

    private Socket connection() throws IOException {
      SocketChannel accepted = channel.accept();
      try {
        return new UnixSocket(accepted);
      } catch (IOException noSelector) {
        accepted.close();
        throw noSelector;
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
