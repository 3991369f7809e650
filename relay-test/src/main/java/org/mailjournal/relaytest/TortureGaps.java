package org.mailjournal.relaytest;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.mailjournal.journal.Coverage;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.RecordedEvent;
import org.mailjournal.journal.Unrecorded;
import org.mailjournal.store.Settings;
import org.mailjournal.store.SqliteJournal;

/**
 * What the journal says that it does not know. With {@code on-failure = accept} a message may pass
 * unrecorded, and then one of these must tell of it.
 */
final class TortureGaps {
  private static final int PAGE = 10_000;

  /** A message that found the milter gone at its begin may end when it is there again. */
  private static final Duration SLACK = Duration.ofSeconds(10);

  private final List<Coverage.Gap> gaps;
  private final List<String> oddities = new ArrayList<>();
  private long untold;
  private int covered;

  private TortureGaps(List<Coverage.Gap> gaps) {
    this.gaps = gaps;
  }

  static TortureGaps of(Settings settings) {
    JournalReader reader = SqliteJournal.openReadOnly(settings);
    try {
      TortureGaps gaps = new TortureGaps(reader.coverage().gaps());
      long last = 0;
      List<RecordedEvent> page = reader.eventsAfter(last, PAGE);
      while (!page.isEmpty()) {
        for (RecordedEvent event : page) {
          last = event.sequence();
          gaps.read(event.event());
        }
        page = reader.eventsAfter(last, PAGE);
      }
      return gaps;
    } finally {
      reader.close();
    }
  }

  private void read(Event event) {
    if (event instanceof Event.Oddity oddity) {
      oddities.add(oddity.problem());
      untold += Unrecorded.of(oddity).map(Unrecorded::messages).orElse(0L);
    }
  }

  /** The words of every oddity. */
  List<String> oddities() {
    return List.copyOf(oddities);
  }

  /**
   * Whether an oddity names the message. Postfix takes one without us when the milter's connection
   * is cut, and its first pass can be told before the milter's own event is committed.
   */
  boolean tell(String queueId) {
    return oddities.stream().anyMatch(words -> words.contains(queueId));
  }

  /** Whether something stands for a message that is not there. */
  boolean cover(String queueId, Instant accepted) {
    boolean told =
        tell(queueId)
            || gaps.stream()
                .anyMatch(
                    gap -> gap.from().isBefore(accepted) && gap.to().plus(SLACK).isAfter(accepted));
    if (!told && untold > 0) {
      untold--;
      told = true;
    }
    covered += told ? 1 : 0;
    return told;
  }

  /** How many messages these stood for. */
  int covered() {
    return covered;
  }
}
