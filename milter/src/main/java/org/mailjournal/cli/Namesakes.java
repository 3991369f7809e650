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
 * @param more the command that finds those that are not among these, where there may be such
 */
record Namesakes(String kind, List<MessageState> others, Optional<String> more) {
  private static final int MOST = 20;

  static Namesakes of(
      JournalReader reader, MessageState message, List<MessageState> chain, String name) {
    Query all = Query.all();
    boolean isQueueId = message.key().queueId().text().equals(name);
    Optional<String> messageId =
        !isQueueId && isMessageId(message, name) ? Optional.of(name) : Optional.empty();
    if (!isQueueId && messageId.isEmpty()) {
      return new Namesakes("journal id", List.of(), Optional.empty());
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
    List<MessageState> found = reader.find(query);
    List<MessageState> others =
        found.stream()
            .filter(one -> !one.key().equals(message.key()))
            .filter(one -> chain.stream().noneMatch(hop -> hop.key().equals(one.key())))
            .toList();
    return new Namesakes(
        isQueueId ? "queue id" : "Message-ID",
        others,
        Optional.of("journal find " + Words.argument(name)).filter(any -> found.size() == MOST));
  }

  /** By all of it or its left part. */
  static boolean isMessageId(MessageState message, String name) {
    return message
        .messageId()
        .filter(id -> id.text().equals(name) || id.left().equals(name))
        .isPresent();
  }
}
