package org.mailjournal.relaytest;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.mailjournal.relaytest.TortureSender.Accepted;

/** What the journal has, message by message: Postfix uses its short queue ids again. */
final class TortureRecords {
  private final Map<String, List<JournalEntry>> byQueueId = new HashMap<>();

  TortureRecords(Collection<JournalEntry> entries) {
    for (JournalEntry entry : entries) {
      byQueueId.merge(
          entry.queueId(),
          List.of(entry),
          (some, more) -> Stream.concat(some.stream(), more.stream()).toList());
    }
  }

  int count() {
    return byQueueId.values().stream().mapToInt(List::size).sum();
  }

  Stream<JournalEntry> all() {
    return byQueueId.values().stream().flatMap(List::stream);
  }

  /**
   * The message of that name.
   *
   * @param messageId empty if it is not known, and then the queue id must do
   */
  Optional<JournalEntry> of(String queueId, Optional<String> messageId) {
    return byQueueId.getOrDefault(queueId, List.of()).stream()
        .filter(entry -> messageId.isEmpty() || entry.messageId().equals(messageId))
        .findFirst();
  }

  Optional<JournalEntry> of(LoggedMessage message) {
    return of(message.queueId(), message.messageId());
  }

  /** What is wrong if the journal does not have what a client was told was accepted. */
  Optional<String> lacks(Accepted accepted) {
    if (of(accepted.queueId(), accepted.letter().messageId()).isPresent()) {
      return Optional.empty();
    }
    List<String> others =
        byQueueId.getOrDefault(accepted.queueId(), List.of()).stream()
            .map(entry -> entry.messageId().orElse("no Message-ID"))
            .toList();
    return Optional.of(
        "lost: the client was told %s at %s of %s, and the journal has %s"
            .formatted(
                accepted.sent().end(),
                accepted.at(),
                accepted.letter().messageId().orElse("a letter without Message-ID"),
                others.isEmpty() ? "nothing" : "that queue id with " + others));
  }
}
