package org.mailjournal.cli;

import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.mailjournal.config.Config;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.Query;
import org.mailjournal.journal.Status;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** {@code journal find}. */
final class FindCommand implements Callable<Integer> {
  private final JournalCommand root;
  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this).name("find");

  FindCommand(JournalCommand root) {
    this.root = root;
    spec.usageMessage()
        .description("Lists the messages for which all that is given holds, newest first.")
        .sortOptions(false);
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("0")
            .arity("0..1")
            .paramLabel("TEXT")
            .type(String.class)
            .description(
                "A Message-ID (whole, or the part before @), queue id, remote queue id, journal id"
                    + " or address.")
            .build());
    take("--message-id", "ID", String.class, "Whole, or the part before @.");
    take("--queue-id", "ID", String.class, "This MTA's queue id.");
    take("--remote-id", "ID", String.class, "The queue id that the next hop's reply gave.");
    take("--sender", "A", Address.class, "Envelope sender; <> is the null one.");
    take("--recipient", "A", Address.class, "Envelope recipient.");
    take(
        "--status",
        "S",
        Status.class,
        "With a recipient that is: rejected, queued, delayed, relayed, delivered, expanded, failed"
            + " or unreported.");
    take(
        "--since",
        "T",
        Instant.class,
        "Received then or later: ISO 8601, or how long ago (30s, 15m, 2h, 3d, 1w).");
    take("--until", "T", Instant.class, "Received before then.");
    take("--limit", "N", int.class, "At most so many; " + Query.DEFAULT_LIMIT + " if not given.");
    spec.addOption(
        OptionSpec.builder("--json")
            .type(boolean.class)
            .description("One JSON object a line.")
            .build());
  }

  private void take(String name, String label, Class<?> type, String description) {
    spec.addOption(
        OptionSpec.builder(name).paramLabel(label).type(type).description(description).build());
  }

  CommandSpec spec() {
    return spec;
  }

  @Override
  public Integer call() {
    ParseResult given = spec.commandLine().getParseResult();
    Query query = query(given);
    boolean json = given.matchedOptionValue("--json", false);
    Config config = root.loadConfig();
    try (JournalReader reader = root.context().services().openReader(config)) {
      Damage damage = new Damage(root.context().err());
      List<MessageState> found = reader.find(query, damage);
      if (found.isEmpty()) {
        if (!damage.isMet()) {
          new NothingFound(root.context(), config, reader).say(query, json);
        }
        return damage.code(CommandLineProgram.NOTHING_FOUND);
      }
      print(found, query.limit(), json);
      if (!given.hasMatchedOption("--limit") && !isHinting(json)) {
        tellOfMore(found, query.limit());
      }
      return damage.code(CommandLineProgram.OK);
    }
  }

  private Query query(ParseResult given) {
    int limit = given.matchedOptionValue("--limit", Query.DEFAULT_LIMIT);
    if (limit < 1) {
      throw new ParameterException(
          spec.commandLine(),
          "Invalid value for option '--limit': expected 1 or more, got " + limit);
    }
    Optional<String> text = Optional.ofNullable(given.matchedPositionalValue(0, (String) null));
    if (text.filter(String::isBlank).isPresent()) {
      throw new ParameterException(
          spec.commandLine(), "TEXT is empty: expected an id or an address, or no TEXT at all");
    }
    Optional<Instant> since = value(given, "--since");
    Optional<Instant> until = value(given, "--until");
    if (since.isPresent() && until.isPresent() && !until.get().isAfter(since.get())) {
      throw new ParameterException(
          spec.commandLine(),
          "the end (--until) lies before the begin (--since), so nothing can be between; of two"
              + " lengths of time the longer one is the begin, for each is how long ago");
    }
    return new Query(
        text,
        id(given, "--message-id"),
        id(given, "--queue-id"),
        id(given, "--remote-id"),
        value(given, "--sender"),
        value(given, "--recipient"),
        value(given, "--status"),
        since,
        until,
        limit);
  }

  private static <T> Optional<T> value(ParseResult given, String option) {
    return Optional.ofNullable(given.matchedOptionValue(option, (T) null));
  }

  private Optional<String> id(ParseResult given, String option) {
    Optional<String> value = value(given, option);
    if (value.filter(String::isBlank).isPresent()) {
      throw new ParameterException(
          spec.commandLine(),
          "Invalid value for option '" + option + "': expected an id, got '" + value.get() + "'");
    }
    return value;
  }

  private void print(List<MessageState> found, int limit, boolean json) {
    PrintStream out = root.context().out();
    if (json) {
      found.forEach(message -> out.println(MessageJson.of(message)));
      return;
    }
    MessageText text = new MessageText(root.context().times(), root.context().style());
    found.forEach(message -> out.print(text.entry(message)));
    if (isHinting(json)) {
      hint(found, limit, out);
    }
  }

  private boolean isHinting(boolean json) {
    return root.context().terminal() && !json;
  }

  /** To who did not ask for so many, and apart from the answer, which a program may read. */
  private void tellOfMore(List<MessageState> found, int limit) {
    if (found.size() == limit) {
      Failures.say(root.context().err(), "there may be more: --limit N shows more than " + limit);
    }
  }

  private void hint(List<MessageState> found, int limit, PrintStream out) {
    Style style = root.context().style();
    out.println();
    if (found.size() == limit) {
      out.println(style.faint("There may be more: --limit N shows more than " + limit + "."));
    }
    String id = found.get(0).key().id();
    out.println(style.faint("The whole story of one message: journal show " + id));
  }
}
