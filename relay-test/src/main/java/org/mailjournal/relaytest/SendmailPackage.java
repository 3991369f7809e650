package org.mailjournal.relaytest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Debian's sendmail, unpacked and not installed: as a package it cannot be beside Postfix. The
 * check and the demo fetch it.
 *
 * @param root what the packages have in {@code /}
 */
record SendmailPackage(Path root) {
  /**
   * Before it reads its configuration, sendmail sleeps for a minute where the machine's name has no
   * dot. So it gets a name with one, in a namespace of its own.
   */
  private static final List<String> NAMED =
      List.of(
          "unshare",
          "--uts",
          "sh",
          "-c",
          "echo \"$0\" > /proc/sys/kernel/hostname && exec \"$@\"",
          "mail." + SendmailSetup.LOCAL_DOMAIN);

  static SendmailPackage unpacked() {
    String cache = System.getenv("XDG_CACHE_HOME");
    Path base =
        cache == null || cache.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(cache);
    return new SendmailPackage(base.resolve("mail-journal").resolve("sendmail"));
  }

  /** Why it cannot run here; empty if it can. */
  Optional<String> unavailable() {
    if (!Files.isExecutable(program())) {
      return Optional.of("sendmail is not unpacked at " + root + "; ./check does that");
    }
    if (Stream.of("/usr/bin/m4", "/bin/m4").map(Path::of).noneMatch(Files::isExecutable)) {
      return Optional.of("there is no m4 to make sendmail's configuration with");
    }
    try {
      if (!Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
        return Optional.of("only root can start a sendmail that delivers to others' mailboxes");
      }
    } catch (IOException e) {
      return Optional.of("who runs this cannot be found out: " + e);
    }
    List<String> probe = new ArrayList<>(NAMED);
    probe.add("true");
    return Command.run(new byte[0], probe).exitCode() == 0
        ? Optional.empty()
        : Optional.of("a UTS namespace is not permitted here, as in a container without SYS_ADMIN");
  }

  private Path program() {
    return root.resolve("usr/libexec/sendmail/sendmail");
  }

  /** The directory that m4 knows as {@code _CF_DIR_}. */
  Path cf() {
    return root.resolve("usr/share/sendmail/cf");
  }

  /** A command line of it, with the libraries that lie beside it. */
  List<String> command(String... arguments) {
    return command(List.of(), arguments);
  }

  /** The same, with these variables of the environment. */
  List<String> command(List<String> variables, String... arguments) {
    List<String> command = new ArrayList<>(NAMED);
    command.addAll(List.of("env", "LD_LIBRARY_PATH=" + libraries()));
    command.addAll(variables);
    command.add(program().toString());
    command.addAll(List.of(arguments));
    return command;
  }

  /** Of libraries, one for each kind of machine. */
  private Stream<Path> directories() {
    try (Stream<Path> triplets = Files.list(root.resolve("usr/lib"))) {
      return triplets.filter(Files::isDirectory).sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String libraries() {
    return directories().map(Path::toString).collect(Collectors.joining(":"));
  }

  /** What it needs for AUTH; empty where only an older fetch without it lies here. */
  Optional<Path> saslPlugins() {
    return directories().map(d -> d.resolve("sasl2")).filter(Files::isDirectory).findFirst();
  }

  String version() {
    Command.Result result =
        Command.run(new byte[0], command("-d0.1", "-C", "/dev/null", "-bv", "postmaster"));
    return result
        .output()
        .lines()
        .filter(line -> line.startsWith("Version "))
        .map(line -> line.substring("Version ".length()).strip())
        .findFirst()
        .orElse("of unknown version");
  }
}
