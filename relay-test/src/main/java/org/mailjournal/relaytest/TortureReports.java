package org.mailjournal.relaytest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mailjournal.relaytest.Exchanger.Received;
import org.mailjournal.relaytest.Mta.LogLine;

/** The reports in the senders' mailboxes, against the fates in the log that call for one. */
final class TortureReports {
  private static final Pattern RECIPIENT =
      Pattern.compile("(?im)^Final-Recipient: *rfc822; *(\\S+)");
  private static final Pattern ACTION = Pattern.compile("(?im)^Action: *([a-z]+)");

  private record Case(String sender, String recipient, boolean success) {}

  private final Map<Case, Integer> reports = new HashMap<>();
  private final Map<Case, Integer> expected = new HashMap<>();
  private final Map<String, Letter> letters = new HashMap<>();
  private final Set<String> seen = new HashSet<>();
  private final boolean mtaWasKilled;

  TortureReports(TortureSender.Notes notes, Exchanger home, boolean mtaWasKilled) {
    this.mtaWasKilled = mtaWasKilled;
    notes.accepted().forEach(a -> letters.put(a.letter().sender(), a.letter()));
    home.received().forEach(this::read);
  }

  private void read(Received message) {
    // A second copy of the same report is TortureCopies' to judge.
    if (TortureReceipts.isReceipt(message) || !seen.add(message.messageId())) {
      return;
    }
    String text = new String(message.content().toArray(), StandardCharsets.ISO_8859_1);
    for (String block : text.split("\r?\n\r?\n", -1)) {
      Matcher recipient = RECIPIENT.matcher(block);
      Matcher action = ACTION.matcher(block);
      if (recipient.find() && action.find() && !action.group(1).equals("delayed")) {
        String sender = message.recipients().get(0).address();
        count(reports, sender, recipient.group(1), !action.group(1).equals("failed"));
      }
    }
  }

  private static void count(
      Map<Case, Integer> counts, String sender, String recipient, boolean success) {
    counts.merge(new Case(sender, recipient.toLowerCase(Locale.ROOT), success), 1, Integer::sum);
  }

  /**
   * Takes note of a fate; only of recipients that the sender named and of senders who are known.
   */
  void expect(String sender, LogLine line) {
    Letter letter = letters.get(sender);
    if (letter == null || sender.isEmpty()) {
      return;
    }
    for (Letter.To to : letter.recipients()) {
      boolean named = to.address().equalsIgnoreCase(line.to());
      boolean aliased = to.address().equalsIgnoreCase(line.originalTo());
      if (named || aliased) {
        expect(sender, to, line, aliased);
      }
    }
  }

  /**
   * An alias's targets are bounced under their own names; of success Postfix tells for the alias.
   */
  private void expect(String sender, Letter.To to, LogLine line, boolean aliased) {
    boolean never = to.parameters().contains("NOTIFY=NEVER");
    boolean success = to.parameters().contains("NOTIFY=SUCCESS,FAILURE");
    if (line.status().equals("bounced") && !never) {
      count(expected, sender, line.to(), false);
    }
    if (success && aliased) {
      expected.put(new Case(sender, to.address().toLowerCase(Locale.ROOT), true), 1);
    } else if (success && line.status().equals("sent")) {
      count(expected, sender, line.to(), true);
    }
  }

  int total() {
    return reports.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** What is missing, and what came too often. */
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    expected.forEach(
        (wanted, times) -> {
          int came = reports.getOrDefault(wanted, 0);
          // An MTA that is killed may log a fate twice, or tell of it twice.
          if (mtaWasKilled ? came == 0 : came != times) {
            problems.add("report: expected " + times + " of " + wanted + ", got " + came);
          }
        });
    Set<Case> known = expected.keySet();
    reports.forEach(
        (told, times) -> {
          if (!known.contains(told) && !mtaWasKilled && letters.containsKey(told.sender())) {
            problems.add("report: nobody asked for " + times + " of " + told);
          }
        });
    return problems;
  }
}
