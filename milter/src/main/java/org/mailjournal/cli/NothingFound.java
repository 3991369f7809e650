package org.mailjournal.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import org.mailjournal.config.Config;
import org.mailjournal.config.Period;
import org.mailjournal.journal.Coverage;
import org.mailjournal.journal.Coverage.Span;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.Query;

/**
 * What an empty answer is worth: from when on, and with which gaps, the journal has listened, and
 * what it let go of.
 */
final class NothingFound {
  private final Context context;
  private final Config config;
  private final JournalReader reader;

  NothingFound(Context context, Config config, JournalReader reader) {
    this.context = context;
    this.config = config;
    this.reader = reader;
  }

  /** To the person who asked. */
  void say(Query asked, boolean json) {
    PrintStream out = out(json);
    Coverage coverage = reader.coverage();
    out.println("Nothing found.");
    if (coverage.spans().isEmpty()) {
      out.println("The journal has never listened; 'journal run' starts it.");
      return;
    }
    listened(out, coverage, asked);
  }

  /** Scripts find it on the error stream, apart from their JSON. */
  private PrintStream out(boolean json) {
    return json ? context.err() : context.out();
  }

  private void listened(PrintStream out, Coverage coverage, Query asked) {
    Times times = context.times();
    Instant since = coverage.since().orElseThrow();
    out.println("The journal has listened since " + times.full(since) + ".");
    config.retention().ifPresent(keep -> letGo(out, keep, since, asked));
    GapsText gaps = new GapsText(times);
    out.print(gaps.unheard(coverage.gaps()));
    out.print(gaps.unrecorded(coverage.unrecorded()));
    Span last = coverage.spans().get(coverage.spans().size() - 1);
    last.until()
        .ifPresent(
            until ->
                out.println(
                    "It does not listen now: it stopped at " + times.full(until) + crashed(last)));
  }

  private static String crashed(Span span) {
    return span.clean() ? "." : " or later, without a word.";
  }

  /** Where the journal is older than what it keeps, and the question reaches back so far. */
  private void letGo(PrintStream out, Duration keep, Instant since, Query asked) {
    Times times = context.times();
    Instant oldest = times.now().minus(keep);
    if (since.isBefore(oldest) && asked.since().orElse(since).isBefore(oldest)) {
      out.println(
          "Messages without news since "
              + times.full(oldest)
              + " are gone (retention = "
              + Period.text(keep)
              + ").");
    }
  }
}
