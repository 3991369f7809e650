package org.mailjournal.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code journal verify}. */
@Command(
    name = "verify",
    description =
        "Reads the whole journal and says what is wrong in it; the daemon may run meanwhile.")
final class VerifyCommand implements Callable<Integer> {
  private final JournalCommand root;

  VerifyCommand(JournalCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() {
    List<String> problems = root.context().services().verify(root.loadConfig());
    problems.forEach(problem -> root.context().out().println(problem));
    if (problems.isEmpty()) {
      root.context().out().println("The journal is sound.");
      return CommandLineProgram.OK;
    }
    return CommandLineProgram.JOURNAL;
  }
}
