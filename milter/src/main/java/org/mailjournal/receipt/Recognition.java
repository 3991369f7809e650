package org.mailjournal.receipt;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.mailjournal.journal.JournalReader;
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
  /** What is queued for longer than this was accepted, or the queue audit would have told. */
  private static final Duration UNCERTAIN = Duration.ofMinutes(15);

  private static final int MOST = 10;

  private final JournalReader journal;
  private final Optional<Duration> lostAfter;

  /**
   * Asks a journal.
   *
   * @param lostAfter where no queue audit tells that a message is gone: how long after it came in
   *     it counts as not taken, if nothing was heard of it. An MTA that took it tries to deliver it
   */
  Recognition(JournalReader journal, Optional<Duration> lostAfter) {
    this.journal = journal;
    this.lostAfter = lostAfter;
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

  Answer ask(String receiptId, Instant now) {
    List<MessageState> found = journal.find(byMessageId(receiptId));
    Answer answer = new Answer.Unseen();
    for (MessageState message : found) {
      if (message.sender().isNull() && isIt(message, receiptId)) {
        Answer one = answer(message, now);
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

  private Answer answer(MessageState message, Instant now) {
    boolean lost = message.recipients().stream().allMatch(Recognition::isLost);
    boolean open = message.recipients().stream().allMatch(r -> r.status() == Status.QUEUED);
    Instant end = message.key().receivedAt().plus(lostAfter.orElse(UNCERTAIN));
    if (lost || (open && lostAfter.isPresent() && !end.isAfter(now))) {
      return new Answer.Unseen();
    }
    return open && end.isAfter(now)
        ? new Answer.Unclear()
        : new Answer.Seen("the journal has it as " + message.key().queueId());
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
