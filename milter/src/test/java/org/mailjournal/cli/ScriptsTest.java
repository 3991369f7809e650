package org.mailjournal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher and the scripts for Postfix, where they refuse before they do anything. */
class ScriptsTest {
  private static final Path LAUNCHER = Path.of("src/main/launcher/journal");
  private static final Path SCRIPTS = Path.of("../etc/postfix");

  @TempDir private Path directory;

  /** How it ended, and what it said. */
  private record Run(int code, String said) {}

  private static Run run(String... command) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("PATH", "/usr/sbin:/usr/bin:/bin");
    builder.environment().put("JAVA_HOME", "/nonexistent");
    Process process = builder.start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), said);
  }

  private static Run script(String name, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("/bin/sh", SCRIPTS.resolve(name).toString()));
    command.addAll(List.of(arguments));
    return run(command.toArray(String[]::new));
  }

  /** As in the middle of an upgrade of their package: systemd tries again unless it is 2. */
  @Test
  void aProgramThatIsAwayForAMomentIsNoMistakeInTheConfiguration() throws Exception {
    Path launcher = Files.copy(LAUNCHER, directory.resolve("journal"));

    Run withoutJar = run("/bin/sh", launcher.toString(), "run");
    Files.createFile(directory.resolve("mail-journal.jar"));
    Run withoutJava = run("/bin/sh", launcher.toString(), "run");

    assertTrue(withoutJar.said().contains("no mail-journal.jar"), withoutJar.said());
    assertEquals(CommandLineProgram.JOURNAL, withoutJar.code());
    assertTrue(withoutJava.said().contains("no Java found"), withoutJava.said());
    assertEquals(CommandLineProgram.JOURNAL, withoutJava.code());
  }

  @ParameterizedTest
  @ValueSource(strings = {"inet:127.0.0.1:99999", "inet:127.0.0.1:0", "inet:localhost:8x"})
  void aPortThatIsNoneIsNotSet(String milter) throws Exception {
    Run enable = script("enable", "--milter", milter, "--dry-run");

    assertEquals(2, enable.code(), enable.said());
    assertTrue(enable.said().contains("a port is a number from 1 to 65535"), enable.said());
  }

  @ParameterizedTest
  @CsvSource({"enable, true", "disable, false"})
  void onlyWhoHasADryRunAdvisesIt(String name, boolean has) throws Exception {
    Path setpriv = Path.of("/usr/bin/setpriv");
    Assumptions.assumeTrue(Files.isExecutable(setpriv) && Files.isWritable(Path.of("/")));
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/sbin/postconf")));
    Path configuration = Files.createDirectories(directory.resolve("conf/mailjournal.saved"));
    for (String file : List.of("main.cf", "master.cf")) {
      Files.createFile(configuration.resolveSibling(file));
    }
    Files.setPosixFilePermissions(
        directory, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));

    Run run =
        run(
            setpriv.toString(),
            "--reuid=65534",
            "--clear-groups",
            "/bin/sh",
            SCRIPTS.resolve(name).toRealPath().toString(),
            "-c",
            configuration.getParent().toString());

    assertTrue(run.said().contains("Run this as root"), run.said());
    assertEquals(has, run.said().contains("--dry-run"), run.said());
    assertFalse(script(name, "--help").said().contains("--dry-run") ^ has);
  }
}
