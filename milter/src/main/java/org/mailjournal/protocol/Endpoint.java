package org.mailjournal.protocol;

import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/** A place to listen at. */
public sealed interface Endpoint {
  /** A TCP port; 0 takes any that is free. */
  record Inet(String host, int port) implements Endpoint {
    @Override
    public String toString() {
      return "inet:" + port + "@" + host;
    }
  }

  /**
   * A unix socket. Who may write to it may speak to us as an MTA.
   *
   * @param group the group that it is given to; absent leaves the process's own
   */
  record Unix(Path path, Set<PosixFilePermission> mode, Optional<String> group)
      implements Endpoint {
    public Unix {
      mode = Set.copyOf(mode);
      if (mode.contains(PosixFilePermission.OTHERS_WRITE)) {
        throw new IllegalArgumentException(
            "unix socket: expected a mode that keeps others out, got "
                + PosixFilePermissions.toString(mode));
      }
    }

    /** With mode 0660 and the process's own group. */
    public static Unix of(Path path) {
      return new Unix(path, PosixFilePermissions.fromString("rw-rw----"), Optional.empty());
    }

    @Override
    public String toString() {
      return "unix:" + path;
    }
  }
}
