package org.mailjournal.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.JournalException;
import org.mailjournal.journal.Source;

@Timeout(120)
class TailTest {
  private final FixtureReader journal = Sample.journal();
  private Pipe pipe;
  private BufferedReader screen;
  private CompletableFuture<Integer> command;
  private Terminal terminal;
  @TempDir private Path directory;

  @BeforeEach
  void open() throws IOException {
    pipe = Pipe.open();
    screen =
        new BufferedReader(
            new InputStreamReader(Channels.newInputStream(pipe.source()), StandardCharsets.UTF_8));
  }

  /**
   * A command that nothing is printed to does not notice that its reader has left: it would keep
   * its thread, one of the few that all the tests share, for as long as they run.
   */
  @AfterEach
  void close() throws Exception {
    journal.failing(JournalException.permanent("read", "the test is over", "nothing", null));
    command.get(60, TimeUnit.SECONDS);
    pipe.source().close();
    pipe.sink().close();
  }

  private void tail(String... options) {
    terminal = new Terminal(directory).over(journal);
    OutputStream out = Channels.newOutputStream(pipe.sink());
    Context context = terminal.context(new PrintStream(out, true, StandardCharsets.UTF_8));
    String[] arguments = new String[options.length + 1];
    arguments[0] = "tail";
    System.arraycopy(options, 0, arguments, 1, options.length);
    command = CompletableFuture.supplyAsync(() -> terminal.program(context, true).run(arguments));
  }

  private static Event started(String at) {
    return new Event.Started(java.time.Instant.parse(at), Source.ADMIN, "mail", "0.1.0");
  }

  @Test
  void whatIsRecordedFromNowOnIsPrintedAtOnce() throws IOException {
    journal.record(started("2026-11-24T11:59:59Z"));
    tail();
    await().until(() -> journal.questions() > 0);

    journal.record(started("2026-11-24T12:00:01Z"));

    assertEquals(
        "2026-11-24 13:00:01.000 +0100  -                admin   started     mail, version 0.1.0",
        screen.readLine());
  }

  @Test
  void sinceStartsEarlierAndGoesOn() throws IOException {
    tail("--json", "--since", "2026-11-24T10:00:04Z");

    assertTrue(screen.readLine().contains("\"queue_id\":\"4B61840C0C\""));
    journal.record(started("2026-11-24T12:00:01Z"));
    assertTrue(screen.readLine().contains("\"kind\":\"started\""));
  }

  @Test
  void aJournalThatCannotBeReadForAWhileIsWaitedFor() throws IOException {
    tail();
    await().until(() -> journal.questions() > 0);
    journal.failing(JournalException.temporary("read", "it is locked", "wait", null));
    int asked = journal.questions();
    await().until(() -> journal.questions() > asked + 2);
    journal.record(started("2026-11-24T12:00:01Z"));

    journal.failing(null);

    assertTrue(screen.readLine().contains("started"));
    assertEquals("journal: journal read: it is locked; wait; trying again\n", terminal.err());
  }

  @Test
  void aJournalThatWaitingDoesNotMendEndsIt() throws Exception {
    tail();
    await().until(() -> journal.questions() > 0);

    journal.failing(JournalException.permanent("read", "it is damaged", "restore it", null));

    assertEquals(3, command.get(60, TimeUnit.SECONDS));
  }

  @Test
  void itEndsWellWhenNobodyReadsAnyMore() throws Exception {
    tail("--since", "1w");
    screen.readLine();

    pipe.source().close();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              journal.record(started("2026-11-24T12:00:01Z"));
              return command.isDone();
            });

    assertEquals(0, command.get(60, TimeUnit.SECONDS));
  }
}
