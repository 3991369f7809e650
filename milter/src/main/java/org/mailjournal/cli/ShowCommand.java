package org.mailjournal.cli;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.Query;
import org.mailjournal.journal.RecordedEvent;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code journal show}. */
@Command(
    name = "show",
    description = "Shows one message: its chain of hops, its recipients, its events in order.",
    sortOptions = false)
final class ShowCommand implements Callable<Integer> {
  private static final int MOST_NAMESAKES = 20;

  @Parameters(paramLabel = "REF", description = "A Message-ID, queue id or journal id.")
  private String reference;

  @Option(names = "--json", description = "One JSON object, with the events.")
  private boolean json;

  @Spec private CommandSpec spec;

  private final JournalCommand root;

  ShowCommand(JournalCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    String name = bare(reference);
    if (name.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "REF is empty: expected an id");
    }
    try (JournalReader reader = root.context().services().openReader(root.loadConfig())) {
      Optional<MessageState> message = reader.message(name);
      if (message.isEmpty()) {
        new NothingFound(root.context(), reader).say(json);
        return CommandLineProgram.NOTHING_FOUND;
      }
      print(reader, message.get(), name);
      return CommandLineProgram.OK;
    }
  }

  private void print(JournalReader reader, MessageState message, String name) {
    List<RecordedEvent> events = reader.events(message.key());
    if (json) {
      root.context().out().println(MessageJson.of(message, events));
    } else {
      ShowText text = new ShowText(root.context().times(), root.context().style());
      List<MessageState> chain = reader.chain(message.key());
      root.context().out().print(text.of(message, chain, events));
      root.context().out().print(text.namesakes(namesakes(reader, message, chain, name)));
    }
  }

  /** Senders use a Message-ID again: others may be meant than the newest, which is shown. */
  private static List<MessageState> namesakes(
      JournalReader reader, MessageState shown, List<MessageState> chain, String name) {
    boolean isByMessageId =
        shown
            .messageId()
            .filter(id -> id.text().equals(name) || id.left().equals(name))
            .isPresent();
    if (!isByMessageId) {
      return List.of();
    }
    Query all = Query.all();
    Query query =
        new Query(
            all.text(),
            Optional.of(name),
            all.queueId(),
            all.remoteQueueId(),
            all.sender(),
            all.recipient(),
            all.status(),
            all.since(),
            all.until(),
            MOST_NAMESAKES);
    return reader.find(query).stream()
        .filter(found -> !found.key().equals(shown.key()))
        .filter(found -> chain.stream().noneMatch(hop -> hop.key().equals(found.key())))
        .toList();
  }

  /** A reference without the brackets of a Message-ID. */
  static String bare(String reference) {
    String text = reference.strip();
    return text.startsWith("<") && text.endsWith(">") && text.length() >= 2
        ? text.substring(1, text.length() - 1).strip()
        : text;
  }
}
