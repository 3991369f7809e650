package org.mailjournal.receipt;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Ending;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.RecipientState;
import org.mailjournal.journal.Status;

/**
 * A message that comes back to this MTA through a content filter is a message again, and its sender
 * still gets one receipt: the first hop's, which tells of the last one's recipients.
 */
final class Hops {
  private final Map<MessageKey, MessageState> later = new LinkedHashMap<>();
  private final Set<MessageKey> followed = new HashSet<>();

  /**
   * @param chain all that the journal links to the message, itself included
   */
  Hops(List<MessageState> chain) {
    chain.forEach(message -> later.put(message.key(), message));
  }

  /** The hop before a message; a later hop gives no receipt. */
  static Optional<MessageKey> before(MessageKey message, List<MessageState> chain) {
    return chain.stream()
        .filter(hop -> hop.key().equals(message))
        .flatMap(hop -> hop.previous().stream())
        .findFirst();
  }

  /** Its state with each recipient where the last hop left him. */
  MessageState follow(MessageState first) {
    List<RecipientState> recipients = new ArrayList<>();
    for (RecipientState recipient : first.recipients()) {
      Optional<MessageState> next = next(first.key(), recipient);
      if (next.isPresent() && followed.add(next.get().key())) {
        recipients.addAll(follow(next.get()).recipients());
      }
      if (next.isEmpty() || isLeftOut(recipient, first, next.get())) {
        recipients.add(recipient);
      }
    }
    return first.withRecipients(recipients);
  }

  /**
   * Whether a filter handed others in again and not this one, whom it threw away, say. Where none
   * of them is left, it has rewritten them all.
   */
  private static boolean isLeftOut(
      RecipientState recipient, MessageState first, MessageState next) {
    return !isIn(next, recipient)
        && first.recipients().stream().anyMatch(other -> isIn(next, other));
  }

  private static boolean isIn(MessageState hop, RecipientState recipient) {
    return hop.recipients().stream().anyMatch(r -> isFor(r, recipient.recipient().address()));
  }

  /** The messages that were followed. */
  Set<MessageKey> followed() {
    return followed;
  }

  private Optional<MessageState> next(MessageKey from, RecipientState recipient) {
    if (recipient.status() != Status.RELAYED) {
      return Optional.empty();
    }
    return later.values().stream()
        .filter(hop -> hop.previous().contains(from))
        .filter(hop -> isNext(hop, recipient))
        .findFirst();
  }

  private static boolean isNext(MessageState hop, RecipientState recipient) {
    return isWithAProgram(recipient)
        ? isIn(hop, recipient)
        : recipient.remoteQueueId().filter(hop.key().queueId().text()::equals).isPresent();
  }

  private static boolean isFor(RecipientState recipient, Address address) {
    return recipient.recipient().address().equals(address)
        || recipient.recipient().original().equals(Optional.of(address));
  }

  /** As a filter behind pipe(8), which hands it in again and gives no queue id back. */
  static boolean isWithAProgram(RecipientState recipient) {
    return recipient.status() == Status.RELAYED
        && recipient.ending().equals(Optional.of(Ending.PROGRAM));
  }
}
