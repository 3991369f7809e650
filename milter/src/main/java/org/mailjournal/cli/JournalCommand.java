package org.mailjournal.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.mailjournal.config.Config;
import org.mailjournal.config.ConfigLoader;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.ISetter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/**
 * What stands before every subcommand. Made without annotations, as those are that answer most
 * questions ({@code find}, {@code show}): Java takes 27 ms until it has read the first of them, of
 * an answer that should take 200.
 */
final class JournalCommand implements Callable<Integer> {
  private final Context context;
  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this).name("journal");
  private Path config;

  JournalCommand(Context context) {
    this.context = context;
    spec.usageMessage()
        .description("Tells what became of every recipient of the mail that this MTA handled.")
        .footer(
            "",
            "Exit codes: 0 found or done, 1 nothing found, 2 usage or configuration, 3 the journal.",
            "The manual: man journal")
        .sortOptions(false)
        .synopsisSubcommandLabel("COMMAND");
    spec.addOption(
        OptionSpec.builder("--config")
            .paramLabel("FILE")
            .type(Path.class)
            .setter(new ConfigSetter())
            .scopeType(ScopeType.INHERIT)
            .description(
                "The configuration; else $MAILJOURNAL_CONFIG, else /etc/mailjournal/journal.conf.")
            .build());
    spec.addOption(
        OptionSpec.builder("-h", "--help")
            .type(boolean.class)
            .usageHelp(true)
            .scopeType(ScopeType.INHERIT)
            .description("Say what can be given, and end.")
            .build());
  }

  /** The option may stand before and behind the subcommand. */
  private final class ConfigSetter implements ISetter {
    @Override
    public <T> T set(T value) {
      config = (Path) value;
      return null;
    }
  }

  CommandSpec spec() {
    return spec;
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
