package org.mailjournal.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code journal rebuild}. */
@Command(
    name = "rebuild",
    description =
        "Builds all that answers questions anew from the events; the daemon must not run.")
final class RebuildCommand implements Callable<Integer> {
  private final JournalCommand root;

  RebuildCommand(JournalCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    long events = root.context().services().rebuild(root.loadConfig());
    root.context().out().println("Rebuilt from " + Words.count(events, "event") + ".");
    return CommandLineProgram.OK;
  }
}
