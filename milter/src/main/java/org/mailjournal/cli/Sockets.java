package org.mailjournal.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;
import org.mailjournal.config.Config.Listen;

/** Looks at sockets from outside, in bounded time. */
final class Sockets {
  private static final int PATIENCE_MILLISECONDS = 2000;

  private Sockets() {}

  /** Why nobody answers there; empty when somebody does. */
  static Optional<String> refusal(Listen listen) {
    try {
      if (listen instanceof Listen.Inet inet) {
        connect(inet);
      } else if (listen instanceof Listen.Unix unix) {
        connect(unix.path());
      }
      return Optional.empty();
    } catch (IOException cause) {
      return Optional.of(cause.getMessage() == null ? cause.toString() : cause.getMessage());
    }
  }

  private static void connect(Listen.Inet inet) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(inet.host(), inet.port()), PATIENCE_MILLISECONDS);
    }
  }

  private static void connect(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new IOException("there is no such socket");
    }
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      // Without waiting: a listener whose backlog is full would hold us.
      channel.configureBlocking(false);
      channel.connect(UnixDomainSocketAddress.of(path));
    } catch (IllegalArgumentException | UnsupportedOperationException notPossible) {
      throw new IOException(notPossible.getMessage(), notPossible);
    }
  }

  /** Whether users that are neither owner nor group may write there. */
  static boolean isOpenToAll(Path path) {
    return permissions(path).contains(PosixFilePermission.OTHERS_WRITE)
        && Optional.ofNullable(path.getParent())
            .map(parent -> permissions(parent).contains(PosixFilePermission.OTHERS_EXECUTE))
            .orElse(true);
  }

  static Set<PosixFilePermission> permissions(Path path) {
    try {
      return Files.getPosixFilePermissions(path);
    } catch (IOException | UnsupportedOperationException unknown) {
      return Set.of();
    }
  }

  static Optional<String> owner(Path path) {
    try {
      return Optional.of(Files.getOwner(path).getName());
    } catch (IOException | UnsupportedOperationException unknown) {
      return Optional.empty();
    }
  }
}
