package org.mailjournal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A machine with two instances of Postfix, one of which the other names. */
class QueueAuditFindingTest {
  @TempDir private Path machine;

  /** By directory and setting. */
  private final Map<String, String> answers = new HashMap<>();

  private Path instance(String directory, String queue, String name) throws IOException {
    Path configuration = Files.createDirectories(machine.resolve(directory));
    Files.createFile(configuration.resolve("main.cf"));
    answers.put(configuration + " queue_directory", machine.resolve(queue).toString());
    answers.put(configuration + " myhostname", name);
    return configuration;
  }

  private Optional<Finding> finding(Path first, String queue) {
    return finding(first, queue, false);
  }

  private Optional<Finding> finding(Path first, String queue, boolean isNamed) {
    PostfixFinder finder =
        new PostfixFinder(
            (directory, arguments) -> answers.getOrDefault(directory + " " + arguments[1], ""),
            List.of(first));
    Path directory = machine.resolve(queue);
    return QueueAuditFinding.of(directory, finder.directoryOf(directory), isNamed, finder);
  }

  @Test
  void anInstanceWithANameOfItsOwnIsLookedAfter() throws IOException {
    Path first = instance("postfix", "in", "mx.example.org");
    answers.put(
        first + " multi_instance_directories",
        instance("postfix-out", "out", "out.example.org").toString());

    assertEquals(Optional.empty(), finding(first, "in"));
    assertEquals(Optional.empty(), finding(first, "out"));
  }

  @Test
  void anInstanceThatSharesItsNameIsAWarning() throws IOException {
    Path first = instance("postfix", "in", "mx.example.org");
    Path other = instance("postfix-out", "out", "mx.example.org");
    answers.put(first + " multi_instance_directories", other.toString());

    Finding finding = finding(first, "out").orElseThrow();

    assertEquals(Finding.Kind.WARNING, finding.kind());
    assertTrue(finding.problem().contains("not looked for"), finding.problem());
    assertTrue(finding.cure().contains("postconf -c " + other), finding.cure());
  }

  @Test
  void anInstanceThatNobodyNamesIsAProblem() throws IOException {
    Path first = instance("postfix", "in", "mx.example.org");
    instance("postfix-out", "out", "out.example.org");

    Finding finding = finding(first, "out").orElseThrow();

    assertEquals(Finding.Kind.CONFIGURATION, finding.kind());
    assertEquals(Finding.Kind.WARNING, finding(first, "out", true).orElseThrow().kind());
    assertTrue(finding.cure().contains("multi_instance_directories"), finding.cure());
  }
}
