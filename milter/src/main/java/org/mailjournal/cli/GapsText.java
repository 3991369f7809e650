package org.mailjournal.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.mailjournal.journal.Coverage.Gap;
import org.mailjournal.journal.Unrecorded;

/** Of which times the journal cannot answer, for people; empty text when there are none. */
final class GapsText {
  private static final int MOST = 10;

  private final Times times;

  GapsText(Times times) {
    this.times = times;
  }

  String unheard(List<Gap> gaps) {
    return list(
        "It did not listen, so mail could pass unseen:",
        gaps.stream().map(gap -> span(gap.from(), gap.to())).toList());
  }

  String unrecorded(List<Unrecorded> gaps) {
    return list(
        "Mail was accepted unrecorded (on-failure = accept):",
        gaps.stream()
            .map(gap -> when(gap) + ": " + Words.count(gap.messages(), "message"))
            .toList());
  }

  private String when(Unrecorded gap) {
    if (gap.from().isEmpty()) {
      return "before " + times.full(gap.to());
    }
    Instant from = gap.from().get();
    return from.equals(gap.to()) ? "at " + times.full(from) : span(from, gap.to());
  }

  private String span(Instant from, Instant to) {
    String length = Words.duration(Duration.between(from, to));
    return "from " + times.full(from) + " to " + times.full(to) + " (" + length + ")";
  }

  /** The latest of them, which come last. */
  private static String list(String title, List<String> lines) {
    if (lines.isEmpty()) {
      return "";
    }
    int earlier = Math.max(0, lines.size() - MOST);
    StringBuilder text = new StringBuilder(title).append('\n');
    lines.stream().skip(earlier).forEach(line -> text.append("  ").append(line).append('\n'));
    if (earlier > 0) {
      text.append("  and ").append(Words.count(earlier, "earlier time")).append('\n');
    }
    return text.toString();
  }
}
