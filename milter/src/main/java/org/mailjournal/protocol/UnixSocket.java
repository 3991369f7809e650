package org.mailjournal.protocol;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.EnumSet;
import java.util.Set;

/**
 * The socket file of a unix endpoint. It is bound in a directory that nobody else can enter, given
 * its rights there, and only then moved to its place: at no moment can anybody connect who may not.
 */
final class UnixSocket {
  private static final int TYPE = 0170000;
  private static final int SOCKET = 0140000;

  private final Endpoint.Unix endpoint;
  private final Path nursery;
  private Object identity;

  private UnixSocket(Endpoint.Unix endpoint, Path nursery) {
    this.endpoint = endpoint;
    this.nursery = nursery;
  }

  /**
   * Makes ready to bind.
   *
   * @throws ProtocolException when something is at that place that is not a dead process's socket
   */
  static UnixSocket prepare(Endpoint.Unix endpoint) throws IOException {
    refuseOccupied(endpoint);
    Set<PosixFilePermission> owner = PosixFilePermissions.fromString("rwx------");
    Path parent = endpoint.path().toAbsolutePath().getParent();
    return new UnixSocket(
        endpoint,
        Files.createTempDirectory(parent, ".m", PosixFilePermissions.asFileAttribute(owner)));
  }

  private static void refuseOccupied(Endpoint.Unix endpoint) throws IOException {
    Path path = endpoint.path();
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
    if ((mode & TYPE) != SOCKET) {
      throw ProtocolException.listen(
          endpoint,
          "is not a socket, but a " + (Files.isSymbolicLink(path) ? "symbolic link" : "file"),
          "move it away or choose another path",
          null);
    }
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.connect(UnixDomainSocketAddress.of(path));
    } catch (ConnectException nobodyListens) {
      return;
    }
    throw ProtocolException.listen(
        endpoint, "is in use", "stop the process that listens there or choose another path", null);
  }

  /** Where to bind. */
  UnixDomainSocketAddress address() {
    return UnixDomainSocketAddress.of(nursery.resolve("s"));
  }

  /** Bound: give it its rights and put it in its place. */
  void publish() throws IOException {
    Path bound = nursery.resolve("s");
    PosixFileAttributeView view =
        Files.getFileAttributeView(bound, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    if (endpoint.group().isPresent()) {
      view.setGroup(group(endpoint.group().get()));
    }
    Files.setPosixFilePermissions(bound, EnumSet.copyOf(endpoint.mode()));
    identity = identity(bound);
    Files.move(bound, endpoint.path(), StandardCopyOption.ATOMIC_MOVE);
    discard();
  }

  private GroupPrincipal group(String name) throws IOException {
    try {
      return nursery
          .getFileSystem()
          .getUserPrincipalLookupService()
          .lookupPrincipalByGroupName(name);
    } catch (UserPrincipalNotFoundException unknown) {
      throw ProtocolException.listen(
          endpoint,
          "cannot be given to the group '" + name + "', which does not exist",
          "create it or name another one",
          unknown);
    }
  }

  /** Takes away what {@link #prepare} made. */
  void discard() throws IOException {
    Files.deleteIfExists(nursery.resolve("s"));
    Files.deleteIfExists(nursery);
  }

  /** Takes the socket away, unless another process has put its own there. */
  void remove() throws IOException {
    if (identity != null
        && Files.exists(endpoint.path(), LinkOption.NOFOLLOW_LINKS)
        && identity.equals(identity(endpoint.path()))) {
      Files.delete(endpoint.path());
    }
    // The system gives the number of a deleted file to the next one.
    identity = null;
  }

  private static Object identity(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .fileKey();
  }
}
