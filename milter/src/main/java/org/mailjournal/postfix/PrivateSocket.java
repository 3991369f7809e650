package org.mailjournal.postfix;

import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;

/**
 * A unix socket in Postfix's private directory that only the directory's owner, the {@code
 * mail_owner} that qmgr runs as, may connect to.
 */
final class PrivateSocket implements Closeable {
  private static final int BACKLOG = 512;

  /** S_IFMT and S_IFSOCK of sys/stat.h. */
  private static final int TYPE = 0170000;

  private static final int SOCKET = 0140000;

  private final Path path;
  private final ServerSocketChannel channel;
  private final Object inode;

  private PrivateSocket(Path path, ServerSocketChannel channel, Object inode) {
    this.path = path;
    this.channel = channel;
    this.inode = inode;
  }

  /**
   * Listens under this name. A socket that nobody listens at any more is replaced.
   *
   * @throws TapException when something else has the name, or rights are missing
   */
  static PrivateSocket listen(Path path) {
    makeWay(path);
    Path young = path.resolveSibling(path.getFileName() + ".new");
    makeWay(young);
    ServerSocketChannel channel = null;
    try {
      channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      // Bound under another name first: nobody finds it before its rights are right.
      channel.bind(UnixDomainSocketAddress.of(young), BACKLOG);
      restrict(young);
      Object inode = Files.getAttribute(young, "unix:ino", LinkOption.NOFOLLOW_LINKS);
      Files.move(young, path, StandardCopyOption.ATOMIC_MOVE);
      return new PrivateSocket(path, channel, inode);
    } catch (IOException e) {
      if (channel != null) {
        Watchdog.quietly(channel);
      }
      throw TapException.of(
          "listen",
          "cannot listen at the unix socket",
          path.toString(),
          "run as Postfix's mail_owner, which owns the private directory",
          e);
    }
  }

  ServerSocketChannel channel() {
    return channel;
  }

  /** Stops listening and takes the name away, unless somebody else has it by now. */
  @Override
  public void close() throws IOException {
    channel.close();
    try {
      if (inode.equals(Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS))) {
        Files.delete(path);
      }
    } catch (NoSuchFileException alreadyGone) {
      // An administrator may have cleaned up.
    }
  }

  private static void restrict(Path socket) throws IOException {
    Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
    UserPrincipal owner = Files.getOwner(socket.toAbsolutePath().getParent());
    if (!owner.equals(Files.getOwner(socket, LinkOption.NOFOLLOW_LINKS))) {
      Files.setOwner(socket, owner);
    }
  }

  private static void makeWay(Path path) {
    try {
      int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
      if ((mode & TYPE) != SOCKET) {
        throw TapException.of(
            "listen", "expected a socket or nothing", path.toString(), "move away what is there");
      }
      if (isAlive(path)) {
        throw TapException.of(
            "listen",
            "another process listens at the unix socket",
            path.toString(),
            "stop the other journal");
      }
      Files.delete(path);
    } catch (NoSuchFileException free) {
      // As it should be.
    } catch (IOException e) {
      throw TapException.of(
          "listen",
          "cannot look at the unix socket",
          path.toString(),
          "see that queue_directory is right and that we run as Postfix's mail_owner",
          e);
    }
  }

  private static boolean isAlive(Path path) {
    try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      return probe.isConnected();
    } catch (IOException refused) {
      return false;
    }
  }
}
