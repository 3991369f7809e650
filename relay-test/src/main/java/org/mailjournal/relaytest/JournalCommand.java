package org.mailjournal.relaytest;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks the journal as a person or a script would, and reads the JSON that comes. */
public final class JournalCommand {
  private static final ConfigParseOptions JSON =
      ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON);

  private final Runner runner;
  private final Path configuration;

  /** Runs the command with arguments. */
  @FunctionalInterface
  public interface Runner {
    /** Gives the exit code. */
    int run(String[] arguments, PrintStream out, PrintStream err);
  }

  /**
   * What came of one call.
   *
   * @param code its exit code
   */
  public record Answer(int code, String out, String err) {}

  public JournalCommand(Runner runner, Path configuration) {
    this.runner = runner;
    this.configuration = configuration;
  }

  /** The command in a process of its own. */
  public static Runner process(Program program) {
    return (arguments, out, err) -> {
      try {
        Process process =
            new ProcessBuilder(program.command(arguments)).redirectErrorStream(true).start();
        process.getInputStream().transferTo(out);
        return process.waitFor();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    };
  }

  /** The command with {@code --config} at its end. */
  public Answer run(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--config");
    all.add(configuration.toString());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code;
    try (PrintStream to = new PrintStream(out, true, Program.CHARSET);
        PrintStream complaints = new PrintStream(err, true, Program.CHARSET)) {
      code = runner.run(all.toArray(String[]::new), to, complaints);
    }
    return new Answer(code, out.toString(Program.CHARSET), err.toString(Program.CHARSET));
  }

  /** What {@code journal find --json} finds, newest first. */
  public List<JournalEntry> find(String... arguments) {
    List<String> all = new ArrayList<>(List.of("find", "--json"));
    all.addAll(List.of(arguments));
    return entries(run(all.toArray(String[]::new)));
  }

  /** The message with its events; empty when the journal does not know the reference. */
  public Optional<JournalEntry> show(String reference) {
    List<JournalEntry> found = entries(run("show", "--json", reference));
    return found.isEmpty() ? Optional.empty() : Optional.of(found.get(0));
  }

  /** The entries of an answer that is one object a line. */
  private static List<JournalEntry> entries(Answer answer) {
    if (answer.code() != 0 && answer.code() != 1) {
      throw new AssertionError("journal: exit code " + answer.code() + ": " + answer.err());
    }
    List<JournalEntry> entries = new ArrayList<>();
    if (answer.code() == 0) {
      answer
          .out()
          .lines()
          .filter(l -> !l.isBlank())
          .map(JournalCommand::parse)
          .forEach(entries::add);
    }
    return entries;
  }

  private static JournalEntry parse(String line) {
    Config json = ConfigFactory.parseString(line, JSON);
    return JournalEntry.of(json);
  }
}
