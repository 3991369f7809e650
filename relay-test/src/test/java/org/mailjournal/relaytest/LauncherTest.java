package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The built program on the Javas that a server may have. */
final class LauncherTest {
  private static final Path PACKAGES = Path.of("/var/lib/dpkg/info");

  @TempDir Path directory;
  private Program program;
  private Path jar;
  private Path archive;

  @BeforeEach
  void copy() throws IOException {
    Path built = Program.built().launcher();
    Path launcher = Files.copy(built, directory.resolve(built.getFileName()));
    jar =
        Files.copy(built.resolveSibling("mail-journal.jar"), directory.resolve("mail-journal.jar"));
    archive = directory.resolve("journal.jsa");
    program = new Program(launcher);
  }

  /** Java 18 and later look for one at the first host name, and end the program without it. */
  @Test
  void whatTheJarOffersAsAServiceIsInTheJar() throws IOException {
    List<String> missing = new ArrayList<>();
    try (JarFile file = new JarFile(jar.toFile())) {
      for (JarEntry entry : file.stream().filter(LauncherTest::isService).toList()) {
        String text = new String(file.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
        text.lines()
            .map(line -> line.replaceFirst("#.*", "").strip())
            .filter(name -> !name.isEmpty())
            .filter(name -> file.getEntry(name.replace('.', '/') + ".class") == null)
            .forEach(missing::add);
      }
    }

    assertEquals(List.of(), missing);
  }

  private static boolean isService(JarEntry entry) {
    return entry.getName().startsWith("META-INF/services/") && !entry.isDirectory();
  }

  @Test
  void theArchiveOfClassesIsMadeAnewBehindAnUpdateOfJava() throws IOException {
    Instant updated = newestJavaPackage();
    Path configuration = journal();
    find(configuration);
    Instant made = Files.getLastModifiedTime(archive).toInstant();
    find(configuration);
    assertEquals(made, Files.getLastModifiedTime(archive).toInstant());

    Instant before = updated.minus(Duration.ofDays(1));
    Files.setLastModifiedTime(jar, FileTime.from(before.minus(Duration.ofDays(1))));
    Files.setLastModifiedTime(archive, FileTime.from(before));
    find(configuration);

    assertTrue(Files.getLastModifiedTime(archive).toInstant().isAfter(updated));
  }

  private static Instant newestJavaPackage() throws IOException {
    Instant newest = Instant.MIN;
    if (Files.isDirectory(PACKAGES)) {
      try (DirectoryStream<Path> lists = Files.newDirectoryStream(PACKAGES, "*-j{dk,re}*.list")) {
        for (Path list : lists) {
          Instant at = Files.getLastModifiedTime(list).toInstant();
          newest = at.isAfter(newest) ? at : newest;
        }
      }
    }
    assumeTrue(newest.isAfter(Instant.MIN), "Java is none of Debian's packages here");
    return newest;
  }

  private Path journal() throws IOException {
    FilledJournal journal = FilledJournal.make(directory, 1);
    return Files.writeString(
        directory.resolve("journal.conf"), "store.url = \"jdbc:sqlite:" + journal.file() + "\"\n");
  }

  private void find(Path configuration) {
    SampleMail mail = new SampleMail(0);
    Command.Result result =
        Command.run(
            new byte[0],
            program.command("find", mail.messageIdLeft(), "--config", configuration.toString()));
    assertTrue(result.orThrow().output().contains(mail.messageIdLeft()), result.output());
  }
}
