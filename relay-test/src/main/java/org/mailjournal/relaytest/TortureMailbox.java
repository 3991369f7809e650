package org.mailjournal.relaytest;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * When each message was put into a local mailbox: none twice but for the MTA's own death. It is
 * known by its Message-ID, too: queue ids are used again where the clock is moved.
 */
final class TortureMailbox {
  private final Map<String, Map<Optional<String>, List<Instant>>> delivered = new HashMap<>();

  /** One more, in order of arrival. */
  void add(String queueId, Optional<String> messageId, Instant at) {
    delivered
        .computeIfAbsent(queueId, any -> new HashMap<>())
        .computeIfAbsent(messageId, any -> new ArrayList<>())
        .add(at);
  }

  /** Of a record without a Message-ID the queue id must do. */
  List<Instant> delivered(String queueId, Optional<String> messageId) {
    Map<Optional<String>, List<Instant>> all = delivered.getOrDefault(queueId, Map.of());
    return messageId.isPresent()
        ? List.copyOf(all.getOrDefault(messageId, List.of()))
        : all.values().stream().flatMap(List::stream).toList();
  }

  /** How many came behind another of the same message. */
  int again() {
    return delivered.values().stream()
        .flatMap(messages -> messages.values().stream())
        .mapToInt(all -> all.size() - 1)
        .sum();
  }

  /**
   * Those that nothing explains but us.
   *
   * @param wasForgotten whether an MTA that died did not know any more what it delivered then
   */
  List<String> problems(Predicate<Instant> wasForgotten) {
    List<String> problems = new ArrayList<>();
    delivered.forEach(
        (queueId, messages) ->
            messages.values().forEach(all -> judge(queueId, all, wasForgotten, problems)));
    return problems;
  }

  private static void judge(
      String queueId, List<Instant> all, Predicate<Instant> wasForgotten, List<String> problems) {
    for (int i = 0; i + 1 < all.size(); i++) {
      if (!wasForgotten.test(all.get(i))) {
        problems.add(
            "doubled: %s was put into a mailbox at %s, and again at %s"
                .formatted(queueId, all.get(i), all.get(i + 1)));
      }
    }
  }
}
