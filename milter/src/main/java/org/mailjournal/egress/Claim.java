package org.mailjournal.egress;

import java.util.Optional;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.MessageId;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.QueueId;
import org.mailjournal.journal.Source;

/**
 * What a content says of which message it is. Whoever reaches the relay can write a queue id into a
 * Received field, and queue ids stand in {@code mailq}; so what the journal knows besides must
 * agree.
 *
 * <p>That is the Message-ID: no MTA changes one on the way out (sendmail 8.17 adds one where the
 * mailer has flag M, Postfix in cleanup(8), in front of the milter). Not the addresses: {@code
 * masquerade_envelope}, {@code genericstable}, {@code smtp_generic_maps}, VERP and {@code owner-}
 * aliases change every part of the sender, aliases and {@code virtusertable} the recipients. A
 * sender becomes the null one by none of them.
 *
 * @param messageId of its Message-ID field
 * @param resent of its Resent-Message-ID field, which is what sendmail calls {@code {msg_id}} of a
 *     message that was sent again (headers.c, eatheader())
 */
record Claim(
    QueueId queueId, Optional<MessageId> messageId, Optional<MessageId> resent, Address sender) {
  static Claim of(QueueId queueId, HeaderSection.Facts facts, Address sender) {
    return new Claim(queueId, facts.messageId(), facts.resent(), sender);
  }

  /** Whether it may be this message, which has the same queue id. */
  boolean agrees(MessageState state) {
    return state.messageId().filter(id -> !isMade(id)).isPresent()
        ? agree(state, messageId, resent)
        : isNameless(state) && (state.sender().isNull() || !sender.isNull());
  }

  /** Whether the journal has the same Message-ID for a message, or none as well. */
  static boolean agree(
      MessageState state, Optional<MessageId> messageId, Optional<MessageId> resent) {
    return state.messageId().equals(messageId)
        || (messageId.isEmpty() && state.messageId().equals(resent));
  }

  /** Whether it has no name but such as the MTA gives, or the journal never saw its header. */
  private boolean isNameless(MessageState state) {
    return state.source() != Source.MILTER || messageId.filter(id -> !isMade(id)).isEmpty();
  }

  /**
   * Sendmail makes {@code <$t.$i@$j>} (proto.m4), Postfix {@code <time.id@myhostname>}
   * (cleanup_message.c): they tell no more than the queue id.
   */
  private boolean isMade(MessageId id) {
    return id.text().contains("." + queueId + "@");
  }
}
