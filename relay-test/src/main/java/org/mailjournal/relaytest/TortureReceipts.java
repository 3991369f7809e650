package org.mailjournal.relaytest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mailjournal.relaytest.Exchanger.Received;

/** The receipts in the senders' mailboxes, against what the journal says of them. */
final class TortureReceipts {
  private final Map<String, List<String>> arrived = new HashMap<>();
  private final Map<String, Integer> sent = new HashMap<>();
  private final Map<String, Integer> perhaps = new HashMap<>();
  private final Map<String, Letter> letters = new HashMap<>();
  private final List<String> problems = new ArrayList<>();
  private final boolean mayComeTwice;
  private int total;

  /**
   * Reads the mailboxes.
   *
   * @param mayComeTwice whether anything happened for which an MTA delivers twice
   */
  TortureReceipts(TortureSender.Notes notes, Exchanger home, boolean mayComeTwice) {
    this.mayComeTwice = mayComeTwice;
    notes.accepted().forEach(a -> letters.put(a.letter().sender(), a.letter()));
    for (Received mail : home.received()) {
      if (isReceipt(mail)) {
        total++;
        arrived
            .computeIfAbsent(mail.recipients().get(0).address(), any -> new ArrayList<>())
            .add(mail.messageId());
      }
    }
  }

  /** Ours are signed, an MTA's reports are not. */
  static boolean isReceipt(Received mail) {
    return Headers.first(mail.content().toArray(), "Content-Type")
        .filter(type -> type.startsWith("multipart/signed"))
        .isPresent();
  }

  /** Takes note of what the journal has of a message. */
  void expect(JournalEntry entry) {
    Letter letter = letters.get(entry.sender());
    boolean wanted = isWanted(letter);
    List<String> due = steps(entry, "receipt-due");
    List<String> handedIn = steps(entry, "receipt-sent");
    sent.merge(entry.sender(), handedIn.size(), Integer::sum);
    // An interim one that the final one overtook may have been sent before a crash.
    perhaps.merge(entry.sender(), due.size() - handedIn.size(), Integer::sum);
    Set<String> once = new HashSet<>(due);
    boolean last = handedIn.contains("final");
    if (steps(entry, "receipt-wanted").size() != (wanted ? 1 : 0)
        || once.size() != due.size()
        || !once.containsAll(handedIn)
        || handedIn.size() != new HashSet<>(handedIn).size()
        || last != (wanted && entry.isSettled())) {
      problems.add(
          "receipt: %s of %s (%s): due %s, sent %s"
              .formatted(entry.queueId(), entry.sender(), wanted, due, handedIn));
    }
  }

  /**
   * Takes note of a message that the MTA never took, for our answer did not reach it: its client
   * came again, and its sender is told that nobody reported what became of it.
   */
  void expectOfNone(JournalEntry entry) {
    perhaps.merge(entry.sender(), steps(entry, "receipt-due").size(), Integer::sum);
  }

  private static boolean isWanted(Letter letter) {
    return letter != null
        && letter.sender().endsWith("@" + TortureWorld.TOLD)
        && letter.recipients().stream().anyMatch(to -> !to.parameters().contains("NOTIFY=NEVER"));
  }

  private static List<String> steps(JournalEntry entry, String step) {
    return entry.events().stream()
        .filter(event -> event.kind().equals(step))
        .map(event -> event.receipt().orElse(""))
        .toList();
  }

  int total() {
    return total;
  }

  /** What is missing, doubled, or nobody's. */
  List<String> problems() {
    Set<String> senders = new HashSet<>(sent.keySet());
    senders.addAll(arrived.keySet());
    for (String sender : senders) {
      List<String> ids = arrived.getOrDefault(sender, List.of());
      int distinct = new HashSet<>(ids).size();
      int said = sent.getOrDefault(sender, 0);
      int most = said + perhaps.getOrDefault(sender, 0);
      if (distinct < said || distinct > most || (distinct != ids.size() && !mayComeTwice)) {
        problems.add("receipt: " + said + " were sent to " + sender + ", there came " + ids);
      }
    }
    return problems;
  }
}
