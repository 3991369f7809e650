package org.mailjournal.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;

/** Who may use a socket or a file. */
final class Sockets {
  private Sockets() {}

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
