package org.mailjournal.relaytest;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** When each message was put into a local mailbox: none twice but for the MTA's own death. */
final class TortureMailbox {
  private final Map<String, List<Instant>> delivered = new HashMap<>();

  /** One more, in order of arrival. */
  void add(String queueId, Instant at) {
    delivered.computeIfAbsent(queueId, any -> new ArrayList<>()).add(at);
  }

  List<Instant> delivered(String queueId) {
    return List.copyOf(delivered.getOrDefault(queueId, List.of()));
  }

  /** How many came behind another of the same message. */
  int again() {
    return delivered.values().stream().mapToInt(all -> all.size() - 1).sum();
  }

  /**
   * Those that nothing explains but us.
   *
   * @param wasForgotten whether an MTA that died did not know any more what it delivered then
   */
  List<String> problems(Predicate<Instant> wasForgotten) {
    List<String> problems = new ArrayList<>();
    delivered.forEach(
        (queueId, all) -> {
          for (int i = 0; i + 1 < all.size(); i++) {
            if (!wasForgotten.test(all.get(i))) {
              problems.add(
                  "doubled: %s was put into a mailbox at %s, and again at %s"
                      .formatted(queueId, all.get(i), all.get(i + 1)));
            }
          }
        });
    return problems;
  }
}
