package org.mailjournal.relaytest;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.Query;

/**
 * What a message takes on disk, and what a question takes: in the process by each kind of id, and
 * as a whole command.
 */
final class JournalBenchmark implements Benchmark {
  private static final double BYTES = 450;
  private static final double LOOKUP_MILLIS = 5;
  private static final double COMMAND_MILLIS = 200;
  private static final int LOOKUPS = 2000;
  private static final int COMMANDS = 20;

  /** Beside the clock: where others want the processors too, the clock counts their turns. */
  private static final ThreadMXBean PROCESSOR = ManagementFactory.getThreadMXBean();

  private static final Map<String, Function<SampleMail, String>> KINDS = kinds();

  private static Map<String, Function<SampleMail, String>> kinds() {
    Map<String, Function<SampleMail, String>> kinds = new LinkedHashMap<>();
    kinds.put("Message-ID", SampleMail::messageId);
    kinds.put("left part", SampleMail::messageIdLeft);
    kinds.put("queue id", SampleMail::queueId);
    kinds.put("remote queue id", SampleMail::remoteQueueId);
    return kinds;
  }

  @Override
  public String name() {
    return "journal";
  }

  @Override
  public void run(BenchmarkSettings settings) throws IOException {
    Path directory = settings.makeDirectory();
    try {
      String lack = FilledJournal.lackOfRoom(directory, settings.messages());
      if (!lack.isEmpty()) {
        settings.print("  left out: %s".formatted(lack));
        return;
      }
      settings.printMachine();
      long start = System.nanoTime();
      FilledJournal journal = FilledJournal.make(directory, settings.messages());
      double seconds = (System.nanoTime() - start) / 1e9;
      settings.print(
          "  %d messages made, %.0f a second"
              .formatted(settings.messages(), settings.messages() / seconds));
      double perMessage = (double) journal.bytes() / settings.messages();
      settings.printLimit("on disk for a message", perMessage, BYTES, "bytes");
      printTables(settings, journal);
      lookUp(settings, journal);
      command(settings, journal);
      new FindComparison(
              settings,
              journal.file().resolveSibling("journal.conf"),
              MailLog.write(directory, settings.messages()),
              settings.messages())
          .run();
    } finally {
      Trees.remove(directory);
    }
  }

  private static void printTables(BenchmarkSettings settings, FilledJournal journal)
      throws IOException {
    try {
      journal
          .bytesByTable()
          .forEach(
              (name, bytes) ->
                  settings.print(
                      "    %-24s %6.1f bytes"
                          .formatted(name, (double) bytes / journal.messages())));
    } catch (SQLException e) {
      throw new IOException("the journal's tables cannot be measured", e);
    }
  }

  private static void lookUp(BenchmarkSettings settings, FilledJournal journal) throws IOException {
    settings.printMachine();
    Random random = new Random(1);
    try (JournalReader reader = journal.open()) {
      KINDS.forEach(
          (kind, id) -> {
            Times times = new Times();
            Times busy = new Times();
            for (int i = 0; i < LOOKUPS; i++) {
              String text = id.apply(new SampleMail(random.nextInt(journal.messages())));
              long busyBefore = PROCESSOR.getCurrentThreadCpuTime();
              long start = System.nanoTime();
              require(reader.find(Query.text(text)).size() == 1, kind + " " + text);
              times.add(System.nanoTime() - start);
              busy.add(PROCESSOR.getCurrentThreadCpuTime() - busyBefore);
            }
            settings.printLimit(
                "find by "
                    + kind
                    + ", p99 (p50 %.2f; processor time: p50 %.2f, p99 %.2f)"
                        .formatted(times.percentile(50), busy.percentile(50), busy.percentile(99)),
                times.percentile(99),
                LOOKUP_MILLIS,
                "ms");
          });
    }
  }

  private static void command(BenchmarkSettings settings, FilledJournal journal)
      throws IOException {
    Path configuration = journal.file().resolveSibling("journal.conf");
    Files.writeString(configuration, "store.url = \"jdbc:sqlite:" + journal.file() + "\"\n");
    String file = configuration.toString();
    Program program = Program.built();
    List<String> bare = List.of("java", "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-version");
    // The first question leaves the archive of classes behind.
    find(program, file, 0);
    settings.printMachine();
    List<Double> commands = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    Random random = new Random(2);
    for (int i = 0; i < COMMANDS; i++) {
      long start = System.nanoTime();
      Command.run(new byte[0], bare).orThrow();
      double java = (System.nanoTime() - start) / 1e6;
      commands.add(find(program, file, random.nextInt(journal.messages())));
      ratios.add(commands.get(i) / java);
    }
    settings.printLimit(
        "journal find, the whole command (median)", Figures.median(commands), COMMAND_MILLIS, "ms");
    settings.print("    %.1f times as long as java -version".formatted(Figures.median(ratios)));
  }

  private static double find(Program program, String configuration, int number) {
    String id = new SampleMail(number).messageIdLeft();
    long start = System.nanoTime();
    Command.Result result =
        Command.run(new byte[0], program.command("find", id, "--config", configuration));
    double millis = (System.nanoTime() - start) / 1e6;
    require(result.orThrow().output().contains(id), result.output());
    return millis;
  }

  private static void require(boolean found, String what) {
    if (!found) {
      throw new IllegalStateException("not found: " + what);
    }
  }
}
