package org.mailjournal.cli;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.Statistics;
import org.mailjournal.journal.Unrecorded;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code journal stats}. */
@Command(
    name = "stats",
    description = "Counts recipients by status, with delays and the busiest exchangers.",
    sortOptions = false)
final class StatsCommand implements Callable<Integer> {
  @Option(
      names = "--since",
      paramLabel = "T",
      description = "Of messages received from then on: ISO 8601, or how long ago (2h, 3d, 1w).")
  private Optional<Instant> since;

  @Option(names = "--json", description = "One JSON object.")
  private boolean json;

  private final JournalCommand root;

  StatsCommand(JournalCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    Context context = root.context();
    try (JournalReader reader = context.services().openReader(root.loadConfig())) {
      Damage damage = new Damage(context.err());
      Statistics statistics = reader.statistics(since.orElse(Instant.EPOCH), damage);
      List<Unrecorded> unrecorded =
          reader.coverage().unrecorded().stream()
              .filter(gap -> since.map(moment -> !gap.to().isBefore(moment)).orElse(true))
              .toList();
      context
          .out()
          .print(
              json
                  ? StatsText.json(statistics, unrecorded, since) + "\n"
                  : new StatsText(context.times(), context.style())
                      .of(statistics, unrecorded, since));
      return damage.code(CommandLineProgram.OK);
    }
  }
}
