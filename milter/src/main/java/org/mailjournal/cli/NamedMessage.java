package org.mailjournal.cli;

import java.util.Optional;
import org.mailjournal.config.Config;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.MessageState;
import org.mailjournal.receipt.SigningException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The one message that REF names, for commands that sign something about it. */
final class NamedMessage {
  private final JournalCommand root;
  private final CommandSpec spec;

  NamedMessage(JournalCommand root, CommandSpec spec) {
    this.root = root;
    this.spec = spec;
  }

  /** What is done with it; gives the exit code. */
  interface Use {
    int of(Config config, JournalReader reader, MessageState message);
  }

  /**
   * Looks for it.
   *
   * @param toOut whether standard output is for what the command makes, and nothing else
   */
  int use(String reference, boolean toOut, Use use) {
    String name = ShowCommand.bare(reference);
    if (name.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "REF is empty: expected an id");
    }
    Config config = root.loadConfig();
    try (JournalReader reader = root.context().services().openReader(config)) {
      Optional<MessageState> found = reader.message(name);
      if (found.isEmpty()) {
        new NothingFound(root.context(), config, reader).say(name, toOut);
        return CommandLineProgram.NOTHING_FOUND;
      }
      return use.of(config, reader, found.get());
    } catch (SigningException refused) {
      root.context().err().println("journal: " + Plain.text(String.valueOf(refused.getMessage())));
      return CommandLineProgram.USAGE;
    }
  }
}
