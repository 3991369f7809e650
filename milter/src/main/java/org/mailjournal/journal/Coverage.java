package org.mailjournal.journal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The times in which the daemon listened, oldest first; what lies between two of them is a gap.
 *
 * @param spans in order, without overlap
 * @param unrecorded what it let pass while it listened, in the order in which that was stated
 */
public record Coverage(List<Span> spans, List<Unrecorded> unrecorded) {
  public Coverage {
    spans = List.copyOf(spans);
    unrecorded = List.copyOf(unrecorded);
  }

  /**
   * One run of the daemon.
   *
   * @param until absent while it lasts; for a daemon that ended without a word, the time of its
   *     last event
   * @param clean whether it said that it stopped
   */
  public record Span(Instant from, Optional<Instant> until, boolean clean) {}

  /** A time in which mail could pass unseen. */
  public record Gap(Instant from, Instant to) {}

  /** When the journal first listened. */
  public Optional<Instant> since() {
    return spans.stream().findFirst().map(Span::from);
  }

  /** The gaps between the spans, oldest first. */
  public List<Gap> gaps() {
    List<Gap> gaps = new ArrayList<>();
    for (int i = 1; i < spans.size(); i++) {
      Instant to = spans.get(i).from();
      spans.get(i - 1).until().ifPresent(from -> gaps.add(new Gap(from, to)));
    }
    return gaps;
  }
}
