package org.mailjournal.cli;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import org.mailjournal.journal.Coverage;
import org.mailjournal.journal.Coverage.Gap;
import org.mailjournal.journal.Coverage.Span;
import org.mailjournal.journal.JournalReader;

/** What an empty answer is worth: from when on, and with which gaps, the journal has listened. */
final class NothingFound {
  private static final int MOST_GAPS = 10;

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
    gaps(out, coverage.gaps());
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

  private void gaps(PrintStream out, List<Gap> gaps) {
    if (gaps.isEmpty()) {
      return;
    }
    out.println("It did not listen, so mail could pass unseen:");
    Times times = context.times();
    List<Gap> shown = gaps.subList(Math.max(0, gaps.size() - MOST_GAPS), gaps.size());
    for (Gap gap : shown) {
      String length = Words.duration(Duration.between(gap.from(), gap.to()));
      out.println(
          "  from " + times.full(gap.from()) + " to " + times.full(gap.to()) + " (" + length + ")");
    }
    if (shown.size() < gaps.size()) {
      out.println("  and " + Words.count(gaps.size() - shown.size(), "earlier time"));
    }
  }
}
