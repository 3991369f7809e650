package org.mailjournal.cli;

import java.io.PrintStream;
import java.util.List;
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
      List<MessageState> chain = reader.chain(found.get().key());
      warn(Namesakes.of(reader, found.get(), chain, name));
      return use.of(config, reader, first(found.get(), chain, name));
    } catch (SigningException refused) {
      root.context().err().println("journal: " + Plain.text(String.valueOf(refused.getMessage())));
      return CommandLineProgram.USAGE;
    }
  }

  /**
   * A Message-ID names the whole chain of hops, which the first one tells of; the others of less.
   */
  private static MessageState first(MessageState found, List<MessageState> chain, String name) {
    MessageState first = found;
    // Oldest first: so each hop stands behind those that it was before.
    for (int i = chain.size() - 1; i >= 0; i--) {
      MessageState hop = chain.get(i);
      if (first.previous().contains(hop.key()) && Namesakes.isMessageId(hop, name)) {
        first = hop;
      }
    }
    return first;
  }

  /** What is signed is about one of them, and the reader may mean another. */
  private void warn(Namesakes namesakes) {
    if (namesakes.others().isEmpty()) {
      return;
    }
    PrintStream err = root.context().err();
    err.println(
        "journal: this is of the newest with this "
            + namesakes.kind()
            + "; for another name it by its journal id:");
    for (MessageState other : namesakes.others()) {
      err.println(
          "  "
              + other.key().id()
              + "  "
              + root.context().times().full(other.key().receivedAt())
              + "  from "
              + MessageText.sender(other.sender()));
    }
    namesakes.more().ifPresent(command -> err.println("  and more, perhaps: " + command));
  }
}
