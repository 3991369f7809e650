package org.mailjournal.cli;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.mailjournal.config.Config;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.RecordedEvent;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** {@code journal show}. */
final class ShowCommand implements Callable<Integer> {
  private final JournalCommand root;
  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this).name("show");

  ShowCommand(JournalCommand root) {
    this.root = root;
    spec.usageMessage()
        .description("Shows one message: its chain of hops, its recipients, its events in order.")
        .sortOptions(false);
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("0")
            .required(true)
            .paramLabel("REF")
            .type(String.class)
            .description("A Message-ID, queue id or journal id.")
            .build());
    spec.addOption(
        OptionSpec.builder("--json")
            .type(boolean.class)
            .description("One JSON object, with the events.")
            .build());
  }

  CommandSpec spec() {
    return spec;
  }

  @Override
  public Integer call() {
    ParseResult given = spec.commandLine().getParseResult();
    boolean json = given.matchedOptionValue("--json", false);
    String name = bare(given.matchedPositionalValue(0, ""));
    if (name.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "REF is empty: expected an id");
    }
    Config config = root.loadConfig();
    try (JournalReader reader = root.context().services().openReader(config)) {
      Optional<MessageState> message = reader.message(name);
      if (message.isEmpty()) {
        new NothingFound(root.context(), config, reader).say(name, json);
        return CommandLineProgram.NOTHING_FOUND;
      }
      print(reader, message.get(), name, json);
      return CommandLineProgram.OK;
    }
  }

  private void print(JournalReader reader, MessageState message, String name, boolean json) {
    List<RecordedEvent> events = reader.events(message.key());
    if (json) {
      root.context().out().println(MessageJson.of(message, events));
    } else {
      ShowText text = new ShowText(root.context().times(), root.context().style());
      List<MessageState> chain = reader.chain(message.key());
      root.context().out().print(text.of(message, chain, events));
      root.context().out().print(text.namesakes(Namesakes.of(reader, message, chain, name)));
    }
  }

  /** A reference without the brackets of a Message-ID. */
  static String bare(String reference) {
    String text = reference.strip();
    return text.startsWith("<") && text.endsWith(">") && text.length() >= 2
        ? text.substring(1, text.length() - 1).strip()
        : text;
  }
}
