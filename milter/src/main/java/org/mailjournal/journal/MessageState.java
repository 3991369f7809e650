package org.mailjournal.journal;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of one message at present.
 *
 * @param trail queue ids in its own Received fields, latest first
 * @param previous messages of this journal that it was before, by its trail
 * @param renamed accepted addresses without a row of their own: the MTA delivers to them under
 *     another name only
 * @param recipients in the order in which the sender gave them, then those that the MTA made
 */
public record MessageState(
    MessageKey key,
    Optional<MessageId> messageId,
    Address sender,
    Optional<String> authenticatedAs,
    Client client,
    long size,
    Source source,
    List<QueueId> trail,
    List<MessageKey> previous,
    Set<Address> renamed,
    List<RecipientState> recipients) {
  public MessageState {
    trail = List.copyOf(trail);
    previous = List.copyOf(previous);
    renamed = Set.copyOf(renamed);
    recipients = List.copyOf(recipients);
  }

  /** The same with what the journal found for its trail. */
  public MessageState withPrevious(List<MessageKey> found) {
    return new MessageState(
        key,
        messageId,
        sender,
        authenticatedAs,
        client,
        size,
        source,
        trail,
        found,
        renamed,
        recipients);
  }

  /** The same with these recipients. */
  public MessageState withRecipients(List<RecipientState> others) {
    return new MessageState(
        key,
        messageId,
        sender,
        authenticatedAs,
        client,
        size,
        source,
        trail,
        previous,
        renamed,
        others);
  }

  /** Whether the MTA is done with every recipient. */
  public boolean isFinished() {
    return recipients.stream().allMatch(r -> r.status().isFinal());
  }

  /** What is known of a recipient; empty when the message has none such. */
  public Optional<RecipientState> recipient(Recipient recipient) {
    return recipients.stream().filter(r -> r.recipient().equals(recipient)).findFirst();
  }
}
