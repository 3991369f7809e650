package org.mailjournal.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.mailjournal.config.Config;
import org.mailjournal.config.ConfigLoader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** What stands before every subcommand. */
@Command(
    name = "journal",
    description = "Tells what became of every recipient of the mail that this MTA handled.",
    footer = {
      "",
      "Exit codes: 0 found or done, 1 nothing found, 2 usage or configuration, 3 the journal.",
      "The manual: man journal"
    },
    sortOptions = false,
    synopsisSubcommandLabel = "COMMAND")
final class JournalCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description =
          "The configuration; else $MAILJOURNAL_CONFIG, else /etc/mailjournal/journal.conf.")
  private Path config;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Say what can be given, and end.")
  @SuppressWarnings("UnusedVariable") // picocli reads it, and ends
  private boolean help;

  @Spec private CommandSpec spec;

  private final Context context;

  JournalCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(),
        "what shall it do? One of " + String.join(", ", spec.subcommands().keySet()));
  }

  Context context() {
    return context;
  }

  Path configFile() {
    return context.configFile(Optional.ofNullable(config));
  }

  Config loadConfig() {
    return new ConfigLoader().load(configFile());
  }
}
