package org.mailjournal.cli;

import java.io.PrintStream;
import java.util.stream.Collectors;
import org.mailjournal.config.ConfigException;
import org.mailjournal.journal.JournalException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * What is said when a command cannot be understood or done, and the exit code. A class, as its
 * neighbours are, and no lambda: one of an interface as old as picocli's keeps that interface, and
 * all that implement it, out of the archive of classes (JDK 17, "old class has been linked").
 */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {
  private final PrintStream err;

  Failures(PrintStream err) {
    this.err = err;
  }

  static void say(PrintStream err, String line) {
    err.println("journal: " + line);
  }

  @Override
  public int handleParseException(ParameterException misuse, String[] args) {
    CommandLine command = misuse.getCommandLine();
    say(err, Plain.text(explained(misuse)));
    String name = command.getCommandSpec().qualifiedName();
    say(err, "Usage: " + name + " --help lists what can be given.");
    return CommandLineProgram.USAGE;
  }

  private static String explained(ParameterException misuse) {
    if (!(misuse instanceof UnmatchedArgumentException unmatched)) {
      return misuse.getMessage();
    }
    String word = unmatched.getUnmatched().get(0);
    if (word.startsWith("-")) {
      return "unknown option '" + word + "'";
    } else if (misuse.getCommandLine().getParent() != null) {
      return "more than is asked for: '" + word + "'; what has blanks in it needs quotes";
    }
    String near =
        misuse.getCommandLine().getSubcommands().keySet().stream()
            .filter(command -> Words.areNear(word, command))
            .collect(Collectors.joining(" or "));
    return "there is no command '" + word + "'" + (near.isEmpty() ? "" : "; is it " + near + "?");
  }

  @Override
  public int handleExecutionException(
      Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
    if (failure instanceof ConfigException) {
      failure.getMessage().lines().forEach(line -> say(err, Plain.text(line)));
      return CommandLineProgram.USAGE;
    }
    if (failure instanceof JournalException) {
      say(err, Plain.text(failure.getMessage()));
      return CommandLineProgram.JOURNAL;
    }
    say(err, "failed, and should not have: " + Plain.text(failure.toString()));
    say(err, "Please report this with the command as it was typed.");
    return CommandLineProgram.JOURNAL;
  }
}
