package org.mailjournal.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code journal backup}. */
@Command(
    name = "backup",
    description = "Copies the journal as it is at one moment; the daemon may run meanwhile.")
final class BackupCommand implements Callable<Integer> {
  private final JournalCommand root;

  @Parameters(paramLabel = "FILE", description = "The copy, which must not be there.")
  private Path file;

  BackupCommand(JournalCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    long events = root.context().services().backup(root.loadConfig(), file);
    root.context().out().println("Copied " + Words.count(events, "event") + " to " + file + ".");
    return CommandLineProgram.OK;
  }
}
