package org.mailjournal.cli;

import java.util.List;
import java.util.Optional;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.Query;

/**
 * Other messages that go by the name that was asked for, and may be meant: senders use a Message-ID
 * again, and Postfix its short queue ids.
 *
 * @param kind what the name is
 * @param others newest first, without the hops of the message itself
 */
record Namesakes(String kind, List<MessageState> others) {
  private static final int MOST = 20;

  static Namesakes of(
      JournalReader reader, MessageState message, List<MessageState> chain, String name) {
    Query all = Query.all();
    boolean isQueueId = message.key().queueId().text().equals(name);
    Optional<String> messageId =
        !isQueueId && isMessageId(message, name) ? Optional.of(name) : Optional.empty();
    if (!isQueueId && messageId.isEmpty()) {
      return new Namesakes("journal id", List.of());
    }
    Query query =
        new Query(
            all.text(),
            messageId,
            isQueueId ? Optional.of(name) : all.queueId(),
            all.remoteQueueId(),
            all.sender(),
            all.recipient(),
            all.status(),
            all.since(),
            all.until(),
            MOST);
    List<MessageState> others =
        reader.find(query).stream()
            .filter(found -> !found.key().equals(message.key()))
            .filter(found -> chain.stream().noneMatch(hop -> hop.key().equals(found.key())))
            .toList();
    return new Namesakes(isQueueId ? "queue id" : "Message-ID", others);
  }

  /** By all of it or its left part. */
  static boolean isMessageId(MessageState message, String name) {
    return message
        .messageId()
        .filter(id -> id.text().equals(name) || id.left().equals(name))
        .isPresent();
  }
}
