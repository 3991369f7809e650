package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A configuration directory as administrators have it, and what they do to it. */
@Execution(ExecutionMode.CONCURRENT)
abstract class PostfixScripts {
  static final String MASTER =
      """
      # A comment that stays.
      smtp       inet  n - y - - smtpd
      #submission inet n - y - - smtpd
      qmgr       unix  n - n 300 1 qmgr
      #qmgr      unix  n - n 300 1 oqmgr
      cleanup    unix  n - y - 0 cleanup
      smtp       unix  - - y - - smtp
      relay      unix  - - y - - smtp
              -o syslog_name=postfix/$service_name
      """;

  @TempDir Path dir;

  @BeforeEach
  void anOrdinaryConfiguration() throws IOException {
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/sbin/postconf")), "no postconf");
    Files.writeString(
        dir.resolve("main.cf"), "compatibility_level = 3.6\n# mine\nmyhostname = mx.test\n");
    Files.writeString(dir.resolve("master.cf"), MASTER);
  }

  Command.Result script(String name, String... arguments) {
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(Repository.file("etc/postfix/" + name).toString(), "-c", dir.toString()));
    command.addAll(List.of(arguments));
    return Command.run(new byte[0], command);
  }

  String enable(String... arguments) {
    return script("enable", arguments).orThrow().output();
  }

  String disable() {
    return script("disable").orThrow().output();
  }

  String refusal(String... arguments) {
    Command.Result result = script("enable", arguments);
    assertEquals(1, result.exitCode(), result.output());
    return result.output();
  }

  String postconf(String... arguments) {
    PostfixFiles.makeOld(dir);
    List<String> command = new ArrayList<>(List.of("/usr/sbin/postconf", "-c", dir.toString()));
    command.addAll(List.of(arguments));
    return Command.run(new byte[0], command).orThrow().output().strip();
  }

  void main(String line) throws IOException {
    Files.writeString(dir.resolve("main.cf"), line + "\n", StandardOpenOption.APPEND);
  }

  void master(String lines) throws IOException {
    Files.writeString(dir.resolve("master.cf"), lines + "\n", StandardOpenOption.APPEND);
  }

  Map<String, String> everything() throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(dir)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        files.put(
            dir.relativize(path).toString(),
            PosixFilePermissions.toString(Files.getPosixFilePermissions(path))
                + Files.getOwner(path)
                + Files.readString(path));
      }
    }
    return files;
  }

  /** As an administrator who copies each command that he was told. */
  void typeWhatItSaid(String said) {
    List<String> commands =
        said.lines()
            .filter(line -> line.contains("postconf -c "))
            .map(line -> line.substring(line.indexOf("postconf -c ")))
            .toList();
    assertFalse(commands.isEmpty(), said);
    PostfixFiles.makeOld(dir);
    for (String command : commands) {
      Command.run("/bin/sh", "-c", "PATH=/usr/sbin:/usr/bin:/bin; " + command).orThrow();
    }
    PostfixFiles.makeOld(dir);
  }
}
