package org.mailjournal.cli;

import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.Query;
import org.mailjournal.journal.Status;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code journal find}. */
@Command(
    name = "find",
    description = "Lists the messages for which all that is given holds, newest first.",
    sortOptions = false)
final class FindCommand implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "TEXT",
      description =
          "A Message-ID (whole, or the part before @), queue id, remote queue id, journal id or"
              + " address.")
  private Optional<String> text;

  @Option(names = "--message-id", paramLabel = "ID", description = "Whole, or the part before @.")
  private Optional<String> messageId;

  @Option(names = "--queue-id", paramLabel = "ID", description = "This MTA's queue id.")
  private Optional<String> queueId;

  @Option(
      names = "--remote-id",
      paramLabel = "ID",
      description = "The queue id that the next hop's reply gave.")
  private Optional<String> remoteId;

  @Option(
      names = "--sender",
      paramLabel = "A",
      description = "Envelope sender; <> is the null one.")
  private Optional<Address> sender;

  @Option(names = "--recipient", paramLabel = "A", description = "Envelope recipient.")
  private Optional<Address> recipient;

  @Option(
      names = "--status",
      paramLabel = "S",
      description =
          "With a recipient that is: rejected, queued, delayed, relayed, delivered,"
              + " expanded, failed or unreported.")
  private Optional<Status> status;

  @Option(
      names = "--since",
      paramLabel = "T",
      description = "Received then or later: ISO 8601, or how long ago (30s, 15m, 2h, 3d, 1w).")
  private Optional<Instant> since;

  @Option(names = "--until", paramLabel = "T", description = "Received before then.")
  private Optional<Instant> until;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "At most so many; ${DEFAULT-VALUE} if not given.",
      defaultValue = "" + Query.DEFAULT_LIMIT)
  private int limit;

  @Option(names = "--json", description = "One JSON object a line.")
  private boolean json;

  @Spec private CommandSpec spec;

  private final JournalCommand root;

  FindCommand(JournalCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    Query query = query();
    try (JournalReader reader = root.context().services().openReader(root.loadConfig())) {
      List<MessageState> found = reader.find(query);
      if (found.isEmpty()) {
        new NothingFound(root.context(), reader).say(json);
        return CommandLineProgram.NOTHING_FOUND;
      }
      print(found);
      return CommandLineProgram.OK;
    }
  }

  private Query query() {
    if (limit < 1) {
      throw new ParameterException(
          spec.commandLine(),
          "Invalid value for option '--limit': expected 1 or more, got " + limit);
    }
    if (text.filter(String::isBlank).isPresent()) {
      throw new ParameterException(
          spec.commandLine(), "TEXT is empty: expected an id or an address, or no TEXT at all");
    }
    refuseBlank("--message-id", messageId);
    refuseBlank("--queue-id", queueId);
    refuseBlank("--remote-id", remoteId);
    return new Query(
        text, messageId, queueId, remoteId, sender, recipient, status, since, until, limit);
  }

  private void refuseBlank(String option, Optional<String> value) {
    if (value.filter(String::isBlank).isPresent()) {
      throw new ParameterException(
          spec.commandLine(),
          "Invalid value for option '" + option + "': expected an id, got '" + value.get() + "'");
    }
  }

  private void print(List<MessageState> found) {
    PrintStream out = root.context().out();
    if (json) {
      found.forEach(message -> out.println(MessageJson.of(message)));
      return;
    }
    MessageText text = new MessageText(root.context().times(), root.context().style());
    found.forEach(message -> out.print(text.entry(message)));
    if (root.context().terminal()) {
      hint(found, out);
    }
  }

  private void hint(List<MessageState> found, PrintStream out) {
    Style style = root.context().style();
    out.println();
    if (found.size() == limit) {
      out.println(style.faint("There may be more: --limit N shows more than " + limit + "."));
    }
    String id = found.get(0).key().id();
    out.println(style.faint("The whole story of one message: journal show " + id));
  }
}
