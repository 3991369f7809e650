package org.mailjournal.receipt;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.Query;
import org.mailjournal.journal.RecipientState;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

/**
 * Whether a receipt that may have been sent was: receipts come through the MTA whose mail is
 * journalled, so the journal has them, under the Message-ID that each keeps for good. This closes
 * the window between the MTA's 250 and our commit of it.
 */
final class Recognition {
  /** What is asked for longer than this was accepted, or the queue audit would have told. */
  private static final Duration UNCERTAIN = Duration.ofMinutes(15);

  private static final int MOST = 10;

  private final JournalReader journal;
  private final Optional<Duration> lostAfter;
  private final LongSupplier nanos;

  /** When it was asked first of what nothing was heard of yet. */
  private final Map<MessageKey, Long> open = new ConcurrentHashMap<>();

  /**
   * Asks a journal.
   *
   * @param lostAfter where no queue audit tells that a message is gone: for how long it is asked
   *     for before it counts as not taken, if nothing is heard of it. An MTA that took it tries to
   *     deliver it
   * @param nanos which nobody can set: {@link System#nanoTime}. By a clock that is set forward a
   *     receipt that a dying MTA lost would have been queued for days
   */
  Recognition(JournalReader journal, Optional<Duration> lostAfter, LongSupplier nanos) {
    this.journal = journal;
    this.lostAfter = lostAfter;
    this.nanos = nanos;
  }

  /** What the journal says of an earlier attempt. */
  sealed interface Answer {
    /** It came to nothing. */
    record Unseen() implements Answer {}

    /** The MTA has it, or had it. */
    record Seen(String how) implements Answer {}

    /** It came in, and whether the MTA took it is not known yet. */
    record Unclear() implements Answer {}
  }

  Answer ask(String receiptId) {
    List<MessageState> found = journal.find(byMessageId(receiptId));
    Answer answer = new Answer.Unseen();
    for (MessageState message : found) {
      if (message.sender().isNull() && isIt(message, receiptId)) {
        Answer one = answer(message);
        if (one instanceof Answer.Seen) {
          return one;
        }
        answer = one instanceof Answer.Unclear ? one : answer;
      }
    }
    return answer;
  }

  private static boolean isIt(MessageState message, String receiptId) {
    return message.messageId().filter(id -> id.left().equals(receiptId)).isPresent();
  }

  private Answer answer(MessageState message) {
    if (message.recipients().stream().allMatch(Recognition::isLost)) {
      open.remove(message.key());
      return new Answer.Unseen();
    }
    if (message.recipients().stream().allMatch(r -> r.status() == Status.QUEUED)) {
      if (waited(message.key()).compareTo(lostAfter.orElse(UNCERTAIN)) < 0) {
        return new Answer.Unclear();
      } else if (lostAfter.isPresent()) {
        return new Answer.Unseen();
      }
    }
    open.remove(message.key());
    return new Answer.Seen("the journal has it as " + message.key().queueId());
  }

  private Duration waited(MessageKey message) {
    long now = nanos.getAsLong();
    return Duration.ofNanos(now - open.computeIfAbsent(message, first -> now));
  }

  /** The end of the message was journalled, and then the MTA did not take it. */
  private static boolean isLost(RecipientState recipient) {
    return recipient.status() == Status.UNREPORTED && recipient.source() == Source.QUEUE;
  }

  private static Query byMessageId(String receiptId) {
    return new Query(
        Optional.empty(),
        Optional.of(receiptId),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        MOST);
  }
}
