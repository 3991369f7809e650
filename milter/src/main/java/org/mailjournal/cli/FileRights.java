package org.mailjournal.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;

/** Who may read the files that the configuration names. */
final class FileRights {
  private static final String ROOT = "root";

  /** What systemd hands to a unit (LoadCredential), by rights that do not show here. */
  private static final Path CREDENTIALS = Path.of("/run/credentials");

  private FileRights() {}

  /** Warns of a secret that is open to all users of the machine. */
  static Optional<Finding> everybody(String setting, Path file) {
    try {
      return Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)
          ? Optional.of(
              Finding.warning(
                  setting + " = " + file + " is readable by everybody", "chmod o= " + file))
          : Optional.empty();
    } catch (IOException unreadable) {
      // Told of where the file is opened.
      return Optional.empty();
    }
  }

  /**
   * Whoever asks may be root and read everything; the daemon is the user whose the journal is.
   *
   * @param journal its directory
   * @param otherwise what happens when the daemon cannot read the file
   */
  static Optional<Finding> daemon(String setting, Path file, Path journal, String otherwise) {
    try {
      PosixFileAttributes daemon = Files.readAttributes(journal, PosixFileAttributes.class);
      String user = daemon.owner().getName();
      return user.equals(ROOT) || mayRead(daemon, file)
          ? Optional.empty()
          : Optional.of(
              Finding.warning(
                  setting
                      + " = "
                      + file
                      + " may not be readable by "
                      + user
                      + ", whose the journal is: "
                      + otherwise,
                  "chown " + user + " " + file + " && chmod 0600 " + file));
    } catch (IOException unreadable) {
      // Told of where the file is opened.
      return Optional.empty();
    }
  }

  private static boolean mayRead(PosixFileAttributes daemon, Path file) throws IOException {
    if (file.startsWith(CREDENTIALS)) {
      return true;
    }
    PosixFileAttributes rights = Files.readAttributes(file, PosixFileAttributes.class);
    Set<PosixFilePermission> permissions = rights.permissions();
    return permissions.contains(PosixFilePermission.OTHERS_READ)
        || (rights.owner().equals(daemon.owner())
            && permissions.contains(PosixFilePermission.OWNER_READ))
        || (rights.group().equals(daemon.group())
            && permissions.contains(PosixFilePermission.GROUP_READ));
  }
}
