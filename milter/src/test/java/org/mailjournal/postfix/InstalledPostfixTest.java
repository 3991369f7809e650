package org.mailjournal.postfix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which of a machine's instances the tap serves. */
class InstalledPostfixTest {
  /** Answers from the lines of a main.cf, the first instance's without {@code -c}. */
  private static final String POSTCONF =
      """
      #!/bin/sh
      if [ "$1" = -dh ]; then echo 3.7.11; exit; fi
      dir=%s
      if [ "$1" = -c ]; then dir=$2; shift 2; fi
      shift
      for name; do sed -n "s/^$name = *//p" "$dir/main.cf" || exit 1; done
      """;

  @TempDir Path machine;
  private Path postconf;

  @BeforeEach
  void install() throws IOException {
    postconf = machine.resolve("postconf");
    Files.writeString(postconf, POSTCONF.formatted(machine.resolve("postfix")));
    Files.setPosixFilePermissions(postconf, PosixFilePermissions.fromString("rwx------"));
  }

  private void instance(String directory, String queue, String name, String... others)
      throws IOException {
    Files.createDirectories(machine.resolve(queue));
    Files.createDirectories(machine.resolve(directory));
    Files.writeString(
        machine.resolve(directory).resolve("main.cf"),
        """
        queue_directory = %s
        myhostname = %s
        hash_queue_names = deferred, defer, hold
        hash_queue_depth = 2
        multi_instance_directories = %s
        """
            .formatted(machine.resolve(queue), name, String.join(" ", others)));
  }

  private Settings settings(String queue) {
    return installed(queue).settings();
  }

  private InstalledPostfix installed(String queue) {
    return new InstalledPostfix(postconf.toString(), machine.resolve(queue));
  }

  @Test
  void theFirstInstanceIsKnownByItsQueue() throws IOException {
    instance("postfix", "spool/in", "mx.example.org");

    Settings settings = settings("spool/in");

    assertEquals(Set.of("mx.example.org"), settings.mtas());
    assertEquals(Set.of("deferred", "defer", "hold"), settings.hashQueueNames());
    assertEquals(2, settings.hashQueueDepth());
    assertEquals(Optional.of("3.7.11"), settings.version());
  }

  @Test
  void anotherInstanceIsFoundWhereTheFirstNamesIt() throws IOException {
    String other = machine.resolve("postfix-out").toString();
    instance("postfix", "spool/in", "mx.example.org", "/nonexistent", other);
    instance("postfix-out", "spool/out", "out.example.org");

    assertEquals(Set.of("mx.example.org"), settings("spool/in").mtas());
    assertEquals(Set.of("out.example.org"), settings("spool/out").mtas());
  }

  @Test
  void aPrivateInstanceIsFoundBesideItsQueue() throws IOException {
    instance("postfix", "spool/in", "mx.example.org");
    instance("own/etc", "own/queue", "own.example.org");

    assertEquals(Set.of("own.example.org"), settings("own/queue").mtas());
  }

  @Test
  void aQueueUnderAnotherNameIsTheSame() throws IOException {
    instance("postfix", "spool/in", "mx.example.org");
    Files.createSymbolicLink(machine.resolve("linked"), machine.resolve("spool"));

    assertEquals(Set.of("mx.example.org"), settings("linked/in").mtas());
  }

  @Test
  void inAQueueThatNobodyOwnsNobodysMessagesAreMissed() throws IOException {
    instance("postfix", "spool/in", "mx.example.org");

    Settings settings = settings("spool/elsewhere");

    assertFalse(settings.hasAudit());
    assertEquals(Optional.of("3.7.11"), settings.version());
  }

  @Test
  void ofInstancesWithOneNameNobodyKnowsWhoseAMessageIs() throws IOException {
    String other = machine.resolve("postfix-out").toString();
    instance("postfix", "spool/in", "mx.example.org", other);
    instance("postfix-out", "spool/out", "mx.example.org");

    assertFalse(settings("spool/in").hasAudit());
    assertFalse(settings("spool/out").hasAudit());
    assertEquals(2, settings("spool/out").hashQueueDepth());
  }

  @Test
  void whatPostconfCouldNotSayIsAskedForAgain() throws IOException {
    instance("postfix", "spool/in", "mx.example.org");
    Files.move(machine.resolve("postfix"), machine.resolve("away"));
    InstalledPostfix installed = installed("spool/in");
    Settings before = installed.settings().withDrain(Duration.ofSeconds(7));

    assertEquals(before, installed.again(before));
    Files.move(machine.resolve("away"), machine.resolve("postfix"));

    Settings after = installed.again(before);
    assertEquals(Set.of("mx.example.org"), after.mtas());
    assertEquals(2, after.hashQueueDepth());
    assertEquals(before.drain(), after.drain());
  }

  /** Else three processes would be started every minute, for ever. */
  @Test
  void whatPostconfSaidIsNotAskedForAgain() throws IOException {
    instance("postfix", "spool/in", "mx.example.org");
    InstalledPostfix installed = installed("spool/elsewhere");
    Settings before = installed.settings();
    instance("postfix", "spool/elsewhere", "mx.example.org");

    assertEquals(before, installed.again(before));
  }

  @Test
  void withoutPostconfNothingIsKnown() {
    Settings settings = new InstalledPostfix("/nonexistent/postconf", machine).settings();

    assertFalse(settings.hasAudit());
    assertEquals(Optional.empty(), settings.version());
  }
}
