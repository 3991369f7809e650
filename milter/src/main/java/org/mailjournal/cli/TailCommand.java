package org.mailjournal.cli;

import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.mailjournal.journal.EventJson;
import org.mailjournal.journal.JournalException;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.RecordedEvent;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code journal tail}. Ends when it is told to, or when nobody reads what it prints. */
@Command(
    name = "tail",
    description = "Prints events as they come, until it is interrupted.",
    sortOptions = false)
final class TailCommand implements Callable<Integer> {
  private static final int BATCH = 500;

  /** How long a new event waits to be seen, at most. */
  private static final long POLL_MILLISECONDS = 200;

  /** How long a journal that cannot be read just now is left alone. */
  private static final long PAUSE_MILLISECONDS = 1000;

  @Option(names = "--json", description = "One JSON object a line.")
  private boolean json;

  @Option(
      names = "--since",
      paramLabel = "T",
      description = "First those from then on: ISO 8601, or how long ago (30s, 15m, 2h, 3d, 1w).")
  private Optional<Instant> since;

  private final JournalCommand root;

  TailCommand(JournalCommand root) {
    this.root = root;
  }

  @Override
  public Integer call() throws InterruptedException {
    Context context = root.context();
    try (JournalReader reader = context.services().openReader(root.loadConfig());
        Interrupt interrupt = Interrupt.ofProcess()) {
      follow(reader, interrupt, context.out());
      return CommandLineProgram.OK;
    }
  }

  private void follow(JournalReader reader, Interrupt interrupt, PrintStream out)
      throws InterruptedException {
    EventText text = new EventText(root.context().times(), root.context().style());
    long last = reader.sequenceBefore(since.orElse(root.context().clock().instant()));
    boolean ended = false;
    boolean troubled = false;
    while (!ended) {
      List<RecordedEvent> events = new ArrayList<>();
      try {
        last =
            reader.someAfter(
                last, BATCH, events::add, words -> Damage.tell(root.context().err(), words));
        troubled = false;
      } catch (JournalException e) {
        troubled = endure(e, troubled);
        ended = interrupt.await(PAUSE_MILLISECONDS, TimeUnit.MILLISECONDS);
        continue;
      }
      text.widen(events);
      for (RecordedEvent event : events) {
        out.println(json ? EventJson.of(event) : text.line(event, true));
      }
      // checkError also flushes: each event is in the reader's hands before we wait.
      ended =
          out.checkError()
              || interrupt.await(events.isEmpty() ? POLL_MILLISECONDS : 0, TimeUnit.MILLISECONDS);
    }
  }

  /** What may pass is said once and waited for: who follows a journal follows it over a restart. */
  private boolean endure(JournalException trouble, boolean isSaid) {
    if (trouble.kind() != JournalException.Kind.TEMPORARY) {
      throw trouble;
    }
    if (!isSaid) {
      PrintStream err = root.context().err();
      err.println("journal: " + Plain.text(trouble.getMessage()) + "; trying again");
      err.flush();
    }
    return true;
  }
}
