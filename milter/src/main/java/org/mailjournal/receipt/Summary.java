package org.mailjournal.receipt;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Ending;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.RecipientState;
import org.mailjournal.journal.Status;

/**
 * A message's recipients, counted. An expanded address counts only where nothing stands in its
 * place.
 *
 * @param handed to programs of this machine
 * @param refused in the dialogue, for now
 * @param unknown among them those that were thrown away
 */
record Summary(
    int total,
    int delivered,
    int relayed,
    int handed,
    int thrownAway,
    int failed,
    int refused,
    int waiting,
    int unknown) {
  /** How good the news is, at a glance. */
  enum Tone {
    GOOD,
    BAD,
    WAITING,
    UNKNOWN
  }

  static Summary of(MessageState message) {
    Set<Address> replaced =
        message.recipients().stream()
            .flatMap(row -> row.recipient().original().stream())
            .collect(Collectors.toSet());
    List<RecipientState> rows =
        message.recipients().stream()
            .filter(row -> row.status() != Status.EXPANDED || !isIn(replaced, row))
            .toList();
    int refused = (int) rows.stream().filter(RecipientState::isRefusedForNow).count();
    return new Summary(
        rows.size(),
        ended(rows, Ending.MAILBOX),
        ended(rows, Ending.MAIL_SYSTEM),
        ended(rows, Ending.PROGRAM),
        ended(rows, Ending.NOWHERE),
        count(rows, Status.FAILED, Status.REJECTED) - refused,
        refused,
        count(rows, Status.QUEUED, Status.DELAYED),
        count(rows, Status.UNREPORTED, Status.EXPANDED) + ended(rows, Ending.NOWHERE));
  }

  private static boolean isThrownAway(RecipientState state) {
    return state.ending().filter(Ending.NOWHERE::equals).isPresent();
  }

  private static int ended(List<RecipientState> rows, Ending ending) {
    return (int) rows.stream().filter(r -> r.ending().filter(ending::equals).isPresent()).count();
  }

  private static boolean isIn(Set<Address> replaced, RecipientState row) {
    return replaced.contains(row.recipient().address());
  }

  private static int count(List<RecipientState> rows, Status... statuses) {
    List<Status> wanted = List.of(statuses);
    return (int) rows.stream().filter(row -> wanted.contains(row.status())).count();
  }

  static Tone toneOf(RecipientState state) {
    return switch (state.status()) {
      case RELAYED, DELIVERED -> isThrownAway(state) ? Tone.UNKNOWN : Tone.GOOD;
      case FAILED -> Tone.BAD;
      case REJECTED -> state.isRefusedForNow() ? Tone.UNKNOWN : Tone.BAD;
      case QUEUED, DELAYED -> Tone.WAITING;
      case EXPANDED, UNREPORTED -> Tone.UNKNOWN;
    };
  }

  /** The worst that there is: a failure among successes is what the sender has to see. */
  Tone tone() {
    if (failed > 0) {
      return Tone.BAD;
    }
    if (waiting > 0) {
      return Tone.WAITING;
    }
    return unknown + refused > 0 || total == 0 ? Tone.UNKNOWN : Tone.GOOD;
  }

  private int accepted() {
    return delivered + relayed + handed;
  }

  /** The outcome in a few words, as they stand in the subject. */
  String headline(Texts texts) {
    if (delivered == total && total > 0) {
      return texts.say("headline.delivered", total);
    }
    if (thrownAway == total && total > 0) {
      return texts.say("headline.nowhere", total);
    }
    if (handed == total && total > 0) {
      return texts.say("headline.handed", total);
    }
    if (accepted() == total && total > 0) {
      return texts.say("headline.accepted", total);
    }
    if (failed == total && total > 0) {
      return texts.say("headline.failed", total);
    }
    if (refused == total && total > 0) {
      return texts.say("headline.refused", total);
    }
    if (waiting == total && total > 0) {
      return texts.say("headline.waiting", total);
    }
    return unknown == total ? texts.say("headline.unknown", Math.max(1, total)) : mixed(texts);
  }

  private String mixed(Texts texts) {
    List<String> counts = new ArrayList<>();
    counts.add(texts.say("headline.mixed", accepted(), total));
    addTo(counts, texts, "headline.mixed.failed", failed);
    addTo(counts, texts, "headline.mixed.refused", refused);
    addTo(counts, texts, "headline.mixed.waiting", waiting);
    addTo(counts, texts, "headline.mixed.unknown", unknown);
    return String.join(", ", counts);
  }

  private static void addTo(List<String> counts, Texts texts, String key, int count) {
    if (count > 0) {
      counts.add(texts.say(key, count));
    }
  }
}
