package org.mailjournal.receipt;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Ending;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.RecipientState;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

/**
 * A message that comes back to this MTA through a content filter is a message again, and its sender
 * still gets one receipt: the first hop's, which tells of the last one's recipients.
 */
final class Hops {
  private final Map<MessageKey, MessageState> later = new LinkedHashMap<>();
  private final Map<MessageKey, Set<Address>> addresses = new HashMap<>();
  private final Set<MessageKey> followed = new HashSet<>();
  private final Unseen unseen;

  /**
   * @param chain all that the journal links to the message, itself included
   * @param unseen whom no hop of it tells of
   */
  Hops(List<MessageState> chain, Unseen unseen) {
    this.unseen = unseen;
    chain.forEach(message -> later.put(message.key(), message));
  }

  /**
   * The hop before a message; a later hop gives no receipt. One that no milter told of gives none,
   * so that the hop behind it is as good as the first.
   */
  static Optional<MessageKey> before(MessageKey message, List<MessageState> chain) {
    Set<MessageKey> untold =
        chain.stream()
            .filter(hop -> hop.source() == Source.PASS)
            .map(MessageState::key)
            .collect(Collectors.toSet());
    return chain.stream()
        .filter(hop -> hop.key().equals(message))
        .flatMap(hop -> hop.previous().stream())
        .filter(hop -> !untold.contains(hop))
        .findFirst();
  }

  /** Its state with each recipient where the last hop left him. */
  MessageState follow(MessageState first) {
    List<RecipientState> own = unseen.seen(first);
    List<MessageState> nexts =
        later.values().stream().filter(hop -> hop.previous().contains(first.key())).toList();
    Set<MessageKey> handedOn =
        nexts.stream()
            .filter(hop -> own.stream().anyMatch(recipient -> isIn(hop, recipient)))
            .map(MessageState::key)
            .collect(Collectors.toSet());
    List<RecipientState> recipients = new ArrayList<>();
    for (RecipientState recipient : own) {
      Optional<MessageState> next = next(nexts, recipient);
      if (next.isPresent() && followed.add(next.get().key())) {
        recipients.addAll(follow(next.get()).recipients());
      }
      if (next.isEmpty() || isLeftOut(recipient, next.get(), handedOn)) {
        recipients.add(recipient);
      }
    }
    return first.withRecipients(recipients);
  }

  /**
   * Whether a filter handed others in again and not this one, whom it threw away, say. Where none
   * of them is left, it has rewritten them all.
   */
  private boolean isLeftOut(RecipientState recipient, MessageState next, Set<MessageKey> handedOn) {
    return handedOn.contains(next.key()) && !isIn(next, recipient);
  }

  /** Under his own address, or as what was expanded or renamed later. */
  private boolean isIn(MessageState hop, RecipientState recipient) {
    return addresses
        .computeIfAbsent(hop.key(), any -> addresses(hop))
        .contains(recipient.recipient().address());
  }

  private static Set<Address> addresses(MessageState hop) {
    Set<Address> all = new HashSet<>();
    for (RecipientState row : hop.recipients()) {
      all.add(row.recipient().address());
      row.recipient().original().ifPresent(all::add);
    }
    return all;
  }

  /** The messages that were followed. */
  Set<MessageKey> followed() {
    return followed;
  }

  private Optional<MessageState> next(List<MessageState> nexts, RecipientState recipient) {
    if (recipient.status() != Status.RELAYED) {
      return Optional.empty();
    }
    if (isWithAProgram(recipient)) {
      return nexts.stream().filter(hop -> isIn(hop, recipient)).findFirst();
    }
    return recipient
        .remoteQueueId()
        .flatMap(
            id -> nexts.stream().filter(hop -> hop.key().queueId().text().equals(id)).findFirst());
  }

  /** As a filter behind pipe(8), which hands it in again and gives no queue id back. */
  static boolean isWithAProgram(RecipientState recipient) {
    return recipient.status() == Status.RELAYED
        && recipient.ending().equals(Optional.of(Ending.PROGRAM));
  }
}
