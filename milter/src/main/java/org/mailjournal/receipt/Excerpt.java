package org.mailjournal.receipt;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.RecipientState;
import org.mailjournal.journal.RecordedEvent;
import org.mailjournal.journal.Status;

/**
 * What of a message finds room in a receipt, which an MTA must take, a mail program show, and this
 * program hold in memory. {@code journal evidence} has all of it.
 *
 * @param recipients what the sender has to see first comes first
 * @param others how many more there are
 */
record Excerpt(List<RecipientState> recipients, int others) {
  /** As many as Postfix takes in one transaction (smtpd_recipient_limit). */
  static final int MOST_RECIPIENTS = 1_000;

  static final int MOST_EVENTS = 4_000;

  Excerpt {
    recipients = List.copyOf(recipients);
  }

  static Excerpt of(MessageState message) {
    List<RecipientState> all = message.recipients();
    return new Excerpt(
        all.stream().sorted(Comparator.comparing(Excerpt::urgency)).limit(MOST_RECIPIENTS).toList(),
        Math.max(0, all.size() - MOST_RECIPIENTS));
  }

  /** Failures first; the sender's order otherwise, since sorting keeps it. */
  private static int urgency(RecipientState state) {
    return switch (state.status()) {
      case FAILED -> 0;
      case REJECTED -> state.isRefusedForNow() ? 1 : 0;
      case DELAYED -> 1;
      case QUEUED, UNREPORTED -> 2;
      case RELAYED, DELIVERED, EXPANDED -> 3;
    };
  }

  /**
   * The events that tell most, where there are too many: not what was put off between the first
   * time and the last, then nothing of other recipients, then no delay.
   */
  List<RecordedEvent> events(List<RecordedEvent> all) {
    if (all.size() <= MOST_EVENTS) {
      return all;
    }
    List<RecordedEvent> telling = withoutDelaysBetween(all);
    if (telling.size() <= MOST_EVENTS) {
      return telling;
    }
    Set<Recipient> shown =
        recipients.stream().map(RecipientState::recipient).collect(Collectors.toSet());
    List<RecordedEvent> ofShown =
        telling.stream()
            .filter(recorded -> recipient(recorded).map(shown::contains).orElse(true))
            .toList();
    return ofShown.size() <= MOST_EVENTS
        ? ofShown
        : ofShown.stream()
            .filter(recorded -> delayed(recorded).isEmpty())
            .limit(MOST_EVENTS)
            .toList();
  }

  /** Without what was put off between a recipient's first time and his last. */
  static List<RecordedEvent> withoutDelaysBetween(List<RecordedEvent> all) {
    Map<Recipient, RecordedEvent> first = new HashMap<>();
    Map<Recipient, RecordedEvent> last = new HashMap<>();
    for (RecordedEvent recorded : all) {
      delayed(recorded)
          .ifPresent(
              recipient -> {
                first.putIfAbsent(recipient, recorded);
                last.put(recipient, recorded);
              });
    }
    Set<Long> kept = new HashSet<>();
    first.values().forEach(recorded -> kept.add(recorded.sequence()));
    last.values().forEach(recorded -> kept.add(recorded.sequence()));
    return all.stream()
        .filter(recorded -> delayed(recorded).isEmpty() || kept.contains(recorded.sequence()))
        .toList();
  }

  private static Optional<Recipient> delayed(RecordedEvent recorded) {
    return recorded.event() instanceof Event.Outcome outcome && outcome.status() == Status.DELAYED
        ? Optional.of(outcome.recipient())
        : Optional.empty();
  }

  private static Optional<Recipient> recipient(RecordedEvent recorded) {
    if (recorded.event() instanceof Event.Outcome outcome) {
      return Optional.of(outcome.recipient());
    }
    return recorded.event() instanceof Event.Unreported unreported
        ? Optional.of(unreported.recipient())
        : Optional.empty();
  }
}
