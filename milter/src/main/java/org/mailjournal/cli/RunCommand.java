package org.mailjournal.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code journal run}. */
@Command(name = "run", description = "Runs the daemon in the foreground.")
final class RunCommand implements Callable<Integer> {
  private final JournalCommand root;

  RunCommand(JournalCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    return root.context().services().run(root.loadConfig());
  }
}
