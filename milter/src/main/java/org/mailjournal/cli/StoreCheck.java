package org.mailjournal.cli;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mailjournal.config.Config;
import org.mailjournal.journal.JournalException;
import org.mailjournal.journal.JournalReader;

/** Whether the journal can be read, can be written by the daemon, and only by those who should. */
final class StoreCheck implements Check {
  /** Of the systemd unit: its user, if it is no other, and its StateDirectory. */
  private static final String OWN_USER = "mailjournal";

  private static final Path STATE = Path.of("/var/lib/mailjournal");
  private static final String SQLITE = "jdbc:sqlite:";
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.of(
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE,
          PosixFilePermission.OTHERS_EXECUTE);

  private final Services services;

  StoreCheck(Services services) {
    this.services = services;
  }

  @Override
  public List<Finding> findings(Subject subject) {
    List<Finding> findings = new ArrayList<>();
    Optional<Path> file = file(subject.config());
    if (file.isPresent() && Files.notExists(file.get().getParent())) {
      Path directory = file.get().getParent();
      findings.add(
          Finding.journal(
              setting(subject) + ": there is no directory " + directory,
              cureOfMissing(subject, directory)));
      return findings;
    }
    file.ifPresent(f -> rights(subject, f, findings));
    open(subject, findings);
    return findings;
  }

  /** A user that exists only while the daemon runs (DynamicUser) cannot be given a directory. */
  private static String cureOfMissing(Subject subject, Path directory) {
    Optional<String> user =
        daemonUser(subject).or(() -> Optional.of(OWN_USER)).filter(StoreCheck::exists);
    if (user.isPresent()) {
      return "install -d -m 0750 -o " + user.get() + " " + directory;
    }
    return directory.equals(STATE)
        ? "start the daemon, whose unit makes it (StateDirectory): systemctl start mail-journal"
        : "make it, and let it belong to the daemon's user; one that exists only while the daemon"
            + " runs (DynamicUser) has its journal in "
            + STATE;
  }

  private static boolean exists(String user) {
    try {
      UserPrincipalLookupService users = FileSystems.getDefault().getUserPrincipalLookupService();
      return !users.lookupPrincipalByName(user).getName().isEmpty();
    } catch (IOException unknown) {
      return false;
    }
  }

  private static Optional<Path> file(Config config) {
    String url = config.store().url();
    return url.startsWith(SQLITE)
        ? Optional.of(Path.of(url.substring(SQLITE.length()).replaceFirst("\\?.*", "")))
        : Optional.empty();
  }

  private static String setting(Subject subject) {
    return "store.url = " + subject.config().store().url();
  }

  private static Optional<String> daemonUser(Subject subject) {
    return subject.config().postfix().isPresent()
        ? subject.postfix().map(p -> p.value("mail_owner")).filter(o -> !o.isEmpty())
        : Optional.empty();
  }

  private static void rights(Subject subject, Path file, List<Finding> findings) {
    Path directory = file.getParent();
    open(directory, "directory", findings);
    for (String suffix : List.of("", "-wal", "-shm")) {
      Path part = directory.resolve(file.getFileName() + suffix);
      if (!Files.isDirectory(part)) {
        open(part, "file", findings);
      }
    }
    Optional<String> owner = Sockets.owner(directory);
    Optional<String> user = daemonUser(subject);
    boolean group = Sockets.permissions(directory).contains(PosixFilePermission.GROUP_WRITE);
    if (user.isPresent() && owner.isPresent() && !owner.equals(user) && !group) {
      findings.add(
          Finding.journal(
              directory
                  + " belongs to "
                  + owner.get()
                  + ": the daemon runs as "
                  + user.get()
                  + " and cannot write there",
              "chown -R " + user.get() + " " + directory));
    } else if (!Files.isWritable(directory)) {
      findings.add(
          Finding.journal(
              directory + " may not be written by " + System.getProperty("user.name"),
              "run this check as the daemon's user, or chown -R the directory to it"));
    }
  }

  private static void open(Path path, String what, List<Finding> findings) {
    Set<PosixFilePermission> open = EnumSet.copyOf(OTHERS);
    open.retainAll(Sockets.permissions(path));
    if (!open.isEmpty()) {
      findings.add(
          Finding.configuration(
              path + ": the journal's " + what + " is open to every user of this machine",
              "chmod o= " + path));
    }
  }

  private void open(Subject subject, List<Finding> findings) {
    try (JournalReader reader = services.openReader(subject.config())) {
      reader.coverage();
    } catch (JournalException cause) {
      // Its text ends with the cure, behind the last semicolon.
      String text = String.valueOf(cause.getMessage());
      int cure = text.lastIndexOf("; ");
      findings.add(
          Finding.journal(
              setting(subject) + ": " + (cure < 0 ? text : text.substring(0, cure)),
              cure < 0 ? "look at the daemon's log" : text.substring(cure + 2)));
    }
  }
}
