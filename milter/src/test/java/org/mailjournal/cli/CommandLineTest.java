package org.mailjournal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.JournalException;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.Query;
import org.mailjournal.journal.Status;

class CommandLineTest {
  @TempDir private Path directory;
  private Terminal terminal;
  private FixtureReader journal;

  @BeforeEach
  void sit() {
    journal = Sample.journal();
    terminal = new Terminal(directory).over(journal);
  }

  /** Whoever keeps the answer would take half of it for the whole. */
  @Test
  void anAnswerThatCannotBeWrittenIsNoSuccess() {
    for (String command : List.of("find", "tail --since 1w")) {
      assertEquals(CommandLineProgram.JOURNAL, intoFullDisk(false, command), command);
      assertTrue(terminal.err().contains("not all could be written"), terminal.err());
    }
  }

  /** As head does, with a pipe. */
  @Test
  void aReaderWhoHadEnoughIsToldNothing() {
    assertEquals(CommandLineProgram.JOURNAL, intoFullDisk(true, "find"));
    assertEquals(CommandLineProgram.OK, intoFullDisk(true, "tail --since 1w"));
    assertEquals("", terminal.err());
  }

  private int intoFullDisk(boolean hasReader, String command) {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int octet) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    return terminal
        .program(terminal.context(new PrintStream(full)), hasReader)
        .run(command.split(" ", -1));
  }

  @Test
  void anAnswerThatMemoryDoesNotHoldSaysWhatToDo() {
    Class<?>[] reader = {JournalReader.class};
    terminal.over(
        (JournalReader)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                reader,
                (proxy, method, arguments) -> {
                  if (method.getName().equals("close")) {
                    return null;
                  }
                  throw new OutOfMemoryError("Java heap space");
                }));

    assertEquals(CommandLineProgram.JOURNAL, terminal.type("find"));
    assertTrue(terminal.err().contains("--limit"), terminal.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"find --json=true", "find --json=false", "show x --json=false"})
  void aSwitchMayHaveAValue(String command) {
    assertNotEquals(CommandLineProgram.USAGE, terminal.type(command.split(" ", -1)));
  }

  @Test
  void everyOptionOfFindGoesIntoTheQuestion() {
    terminal.type(
        "find",
        "text",
        "--message-id",
        "<m@x>",
        "--queue-id",
        "Q",
        "--remote-id=R",
        "--sender",
        "<s@X>",
        "--recipient",
        "r@y",
        "--status",
        "Relayed",
        "--since",
        "2h",
        "--until",
        "2026-11-24T12:30+01:00",
        "--limit",
        "7",
        "--json");

    Query asked = journal.lastQuery();
    assertEquals(Optional.of("text"), asked.text());
    assertEquals(Optional.of("m@x"), asked.messageId());
    assertEquals(Optional.of("Q"), asked.queueId());
    assertEquals(Optional.of("R"), asked.remoteQueueId());
    assertEquals(Optional.of(new Address("s@x")), asked.sender());
    assertEquals(Optional.of(new Address("r@y")), asked.recipient());
    assertEquals(Optional.of(Status.RELAYED), asked.status());
    assertEquals(Optional.of(Instant.parse("2026-11-24T10:00:00Z")), asked.since());
    assertEquals(Optional.of(Instant.parse("2026-11-24T11:30:00Z")), asked.until());
    assertEquals(7, asked.limit());
  }

  @Test
  void theNullSenderCanBeAskedFor() {
    terminal.type("find", "--sender", "<>");

    assertEquals(Optional.of(Address.NULL), journal.lastQuery().sender());
  }

  @ParameterizedTest
  @ValueSource(strings = {"@example.org", "4B618D6A.2070804", "<a@b>", "a=b@c", "$x", "'q'@x"})
  void aTextIsTakenAsItIsTyped(String text) {
    terminal.type("find", text);

    assertEquals(Query.text(text).text(), journal.lastQuery().text());
  }

  @Test
  void aTextThatLooksLikeAnOptionGoesBehindTwoDashes() {
    terminal.type("find", "--", "--text");

    assertEquals(Optional.of("--text"), journal.lastQuery().text());
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-24, 2026-11-23T23:00:00Z",
    "2026-07-01, 2026-06-30T22:00:00Z",
    "2026-11-24T10:01, 2026-11-24T09:01:00Z",
    "2026-11-24T10:01:02, 2026-11-24T09:01:02Z",
    "2026-11-24 10:01:02, 2026-11-24T09:01:02Z",
    "2026-11-24T10:01:02.5, 2026-11-24T09:01:02.500Z",
    "2026-11-24T10:01Z, 2026-11-24T10:01:00Z",
    "2026-11-24T10:01:02.123Z, 2026-11-24T10:01:02.123Z",
    "2026-11-24T10:01:02+05:30, 2026-11-24T04:31:02Z",
    "2026-11-24 10:01:02 +0100, 2026-11-24T09:01:02Z",
    "2026-11-24T10:01:02+01, 2026-11-24T09:01:02Z",
    "'2026-11-24T10:01:02,970Z', 2026-11-24T10:01:02.970Z",
    "20261124, 2026-11-23T23:00:00Z",
    "20261124T1001, 2026-11-24T09:01:00Z",
    "20261124T100102Z, 2026-11-24T10:01:02Z",
    "20261124T100102.5+0100, 2026-11-24T09:01:02.500Z",
    "30s, 2026-11-24T11:59:30Z",
    "15m, 2026-11-24T11:45:00Z",
    "2h, 2026-11-24T10:00:00Z",
    "3d, 2026-11-21T12:00:00Z",
    "1w, 2026-11-17T12:00:00Z",
    "2h ago, 2026-11-24T10:00:00Z"
  })
  void timesAreIsoOrAgo(String text, Instant moment) {
    terminal.type("find", "--since", text);

    assertEquals(Optional.of(moment), journal.lastQuery().since());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "find --status lost",
        "find --since yesterday",
        "find --since 2026-02-30",
        "find --since 2026-11-24T25:00",
        "find --since 2h30m",
        "find --until 11/24/2026",
        "find --limit 0",
        "find --limit -1",
        "find --limit many",
        "find --limit 99999999999",
        "find --since 20261340",
        "find --sender",
        "find a b",
        "find --what",
        "find --json --json",
        "nonsense",
        "find --since 1h --until 2h",
        "find --since 2026-11-24 --until 2026-11-24",
        "show",
        "show a b",
        "show <>",
        "tail x",
        "stats --limit 3",
        "fnd",
        "--json find",
        "--config",
        "--config x",
        "--configure=x find",
        "find --config",
        ""
      })
  void aCommandThatCannotBeMeantEndsWithTwoAndASentence(String command) {
    int code = terminal.type(command.isEmpty() ? new String[0] : command.split(" ", -1));

    assertEquals(2, code, terminal.out() + terminal.err());
    assertEquals("", terminal.out());
    assertTrue(terminal.err().startsWith("journal: "), terminal.err());
    assertTrue(terminal.err().lines().count() <= 3, terminal.err());
    assertFalse(terminal.err().contains("Exception"), terminal.err());
  }

  @Test
  void anEmptyTextIsNotAQuestion() {
    assertEquals(2, terminal.type("find", ""));
    assertEquals(2, terminal.type("show", " "));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evidence x -o |",
        "evidence --verify |",
        "evidence --verify x --message |",
        "evidence --verify x --ca |",
        "backup |",
        "find --config |",
        "check --postfix-config |",
        "check --sendmail-cf |"
      })
  void norIsAnEmptyNameOfAFile(String command) {
    assertEquals(2, terminal.type(command.replace("|", "").split(" ", -1)), terminal.out());

    assertTrue(terminal.err().contains("the name is empty: expected a file"), terminal.err());
  }

  /** As of a shell's variable that is not set: it must not be taken for the null sender. */
  @ParameterizedTest
  @ValueSource(strings = {"--message-id", "--queue-id", "--remote-id", "--sender", "--recipient"})
  void norIsAnEmptyValue(String option) {
    assertEquals(2, terminal.type("find", option, ""));

    assertTrue(terminal.err().contains("'" + option + "'"), terminal.err());
    assertTrue(terminal.err().contains("got ''"), terminal.err());
  }

  @Test
  void whatIsTooMuchIsNamed() {
    terminal.type("find", "a", "b");

    assertTrue(terminal.err().contains("'b'; what has blanks in it needs quotes"), terminal.err());
  }

  @Test
  void aMistypedCommandIsToldTheNearest() {
    terminal.type("fnd");

    assertTrue(terminal.err().contains("there is no command 'fnd'; is it find"), terminal.err());
  }

  @Test
  void aWordThatIsNearToNoCommandIsToldNone() {
    terminal.type("nonsense");

    assertFalse(terminal.err().contains("is it"), terminal.err());
  }

  @Test
  void anEndBeforeTheBeginIsNamed() {
    terminal.type("find", "--since", "1h", "--until", "2h");

    assertTrue(terminal.err().contains("the end (--until) lies before the begin"), terminal.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"find", "show x", "tail", "stats", "rebuild", "verify", "backup /x"})
  void aJournalThatCannotBeReadEndsWithThree(String command) {
    terminal.failing(
        JournalException.permanent("open", "no such file x.db", "start the daemon once", null));

    assertEquals(3, terminal.type(command.split(" ", -1)));
    assertEquals(
        "journal: journal open: no such file x.db; start the daemon once\n", terminal.err());
  }

  @Test
  void noMistakeOfOursShowsAStackTrace() {
    terminal.failing(new IllegalStateException("boom"));

    assertEquals(3, terminal.type("find"));
    assertFalse(terminal.err().contains("\tat "), terminal.err());
    assertTrue(terminal.err().contains("boom"), terminal.err());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 3})
  void runEndsWithTheDaemonsCode(int code) {
    assertEquals(code, terminal.running(code).type("run"));
  }

  @Test
  void versionNeedsNoConfiguration() {
    terminal.without("MAILJOURNAL_CONFIG");

    for (String command : List.of("version", "--version")) {
      assertEquals(0, terminal.type(command));
      assertTrue(
          terminal.out().matches("Mail Journal [0-9]+\\.[0-9]+\\.[0-9]+\\S* \\(Java .*\\)\n"),
          terminal.out());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "find --help", "tail -h", "help", "help find"})
  void helpIsNoMistake(String command) {
    assertEquals(0, terminal.type(command.split(" ", -1)));
    assertTrue(terminal.out().startsWith("Usage: journal"), terminal.out());
  }
}
