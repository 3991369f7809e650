package org.mailjournal.cli;

import java.util.List;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.MessageId;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.RecipientState;
import org.mailjournal.journal.Source;

/** A message and its recipients for people. */
final class MessageText {
  /** A longer address pushes its own line only, not everybody's. */
  private static final int WIDEST_NAME = 40;

  private static final int WIDEST_STATUS = 10;

  /** Of what the queue manager told of first. */
  static final String UNSEEN = "from its queue file; no milter told of it";

  private final Times times;
  private final Style style;
  private final Sentence sentence;

  MessageText(Times times, Style style) {
    this.times = times;
    this.style = style;
    this.sentence = new Sentence(times);
  }

  /** An entry of {@code find}: one line for the message, one for each recipient. */
  String entry(MessageState message) {
    StringBuilder text = new StringBuilder();
    text.append(times.full(message.key().receivedAt()))
        .append("  ")
        .append(style.bold(message.key().queueId().text()))
        .append("  ")
        .append(id(message))
        .append("  from ")
        .append(sender(message.sender()))
        .append("  ")
        .append(Words.count(message.size(), "byte"))
        .append(message.source() == Source.PASS ? "  (" + UNSEEN + ")" : "")
        .append('\n');
    recipients(message, text);
    return text.toString();
  }

  /** A line for each recipient: address, status, sentence. */
  void recipients(MessageState message, StringBuilder text) {
    List<RecipientState> states = message.recipients();
    int width =
        states.stream().mapToInt(s -> Plain.width(Sentence.name(s.recipient()))).max().orElse(0);
    for (RecipientState state : states) {
      String status = Plain.padded(state.status().word(), WIDEST_STATUS);
      text.append("  ")
          .append(Plain.padded(Sentence.name(state.recipient()), Math.min(width, WIDEST_NAME)))
          .append("  ")
          .append(style.status(state.status(), status))
          .append("  ")
          .append(sentence.of(state, message.key().receivedAt()))
          .append('\n');
    }
  }

  static String id(MessageState message) {
    return message.messageId().map(MessageId::toString).map(Plain::text).orElse("(no Message-ID)");
  }

  /** The null reverse-path is shown as it is written in SMTP. */
  static String sender(Address sender) {
    return sender.isNull() ? "<>" : Plain.text(sender.text());
  }
}
