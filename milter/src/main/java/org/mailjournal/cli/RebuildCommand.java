package org.mailjournal.cli;

import java.io.PrintStream;
import java.util.concurrent.Callable;
import org.mailjournal.journal.Rebuilt;
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
    Rebuilt rebuilt = root.context().services().rebuild(root.loadConfig());
    PrintStream out = root.context().out();
    out.println("Rebuilt from " + Words.count(rebuilt.events(), "event") + ".");
    if (rebuilt.unreadable() > 0) {
      out.println(
          "Not readable, and left out: "
              + Words.count(rebuilt.unreadable(), "event")
              + "; see journal verify.");
    }
    return CommandLineProgram.OK;
  }
}
