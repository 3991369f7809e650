package org.mailjournal.cli;

import java.io.PrintStream;
import org.mailjournal.journal.Coverage;
import org.mailjournal.journal.Coverage.Span;
import org.mailjournal.journal.JournalReader;

/** What an empty answer is worth: from when on, and with which gaps, the journal has listened. */
final class NothingFound {
  private final Context context;
  private final JournalReader reader;

  NothingFound(Context context, JournalReader reader) {
    this.context = context;
    this.reader = reader;
  }

  /** To the person who asked; scripts find it on the error stream, apart from their JSON. */
  void say(boolean json) {
    PrintStream out = json ? context.err() : context.out();
    Times times = context.times();
    Coverage coverage = reader.coverage();
    out.println("Nothing found.");
    if (coverage.spans().isEmpty()) {
      out.println("The journal has never listened; 'journal run' starts it.");
      return;
    }
    coverage
        .since()
        .ifPresent(
            since -> out.println("The journal has listened since " + times.full(since) + "."));
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
}
