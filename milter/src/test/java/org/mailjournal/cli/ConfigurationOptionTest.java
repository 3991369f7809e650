package org.mailjournal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which configuration a command goes by, and what it says of one that cannot be used. */
class ConfigurationOptionTest {
  @TempDir private Path directory;
  private Terminal terminal;

  @BeforeEach
  void sit() {
    terminal = new Terminal(directory).over(Sample.journal());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"find --json --config FILE", "--config FILE find", "find --config=FILE x"})
  void theConfigurationCanBeNamedBeforeAndAfterTheCommand(String command) throws IOException {
    Path file = Files.writeString(directory.resolve("other.conf"), "retention = 30d");

    terminal
        .without("MAILJOURNAL_CONFIG")
        .type(command.replace("FILE", file.toString()).split(" ", -1));

    assertEquals(file, terminal.lastConfig().file());
  }

  @Test
  void aFileNamedLikeACommandIsAFile() {
    assertEquals(2, terminal.type("--config", "find", "show", "x"));
    assertTrue(terminal.err().contains("configuration find: there is no such file"));
  }

  @Test
  void theOptionCountsMoreThanTheEnvironment() throws IOException {
    Path file = Files.writeString(directory.resolve("other.conf"), "");

    terminal.type("find", "--config", file.toString());

    assertEquals(file, terminal.lastConfig().file());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run",
        "find",
        "show x",
        "tail",
        "stats",
        "rebuild",
        "verify",
        "backup /x",
        "check"
      })
  void everyProblemOfTheConfigurationIsTold(String command) throws IOException {
    Files.writeString(directory.resolve("journal.conf"), "on-failure = x\nretention = y\n");

    assertEquals(2, terminal.type(command.split(" ", -1)));

    String said = terminal.out() + terminal.err();
    assertTrue(said.contains("line 1: on-failure"), said);
    assertTrue(said.contains("line 2: retention"), said);
  }

  @Test
  void aMissingConfigurationIsTold() {
    terminal.in("MAILJOURNAL_CONFIG", directory.resolve("none").toString());

    assertEquals(2, terminal.type("find"));
    assertTrue(terminal.err().contains("there is no such file"), terminal.err());
  }
}
