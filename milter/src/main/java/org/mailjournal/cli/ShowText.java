package org.mailjournal.cli;

import java.util.ArrayList;
import java.util.List;
import org.mailjournal.journal.Client;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.RecipientState;
import org.mailjournal.journal.RecordedEvent;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

/** One message in full, for people. */
final class ShowText {
  private static final String UNKNOWN = "not known";

  private final Times times;
  private final Style style;
  private final MessageText messages;
  private final EventText events;

  ShowText(Times times, Style style) {
    this.times = times;
    this.style = style;
    this.messages = new MessageText(times, style);
    this.events = new EventText(times, style);
  }

  String of(MessageState message, List<MessageState> chain, List<RecordedEvent> recorded) {
    StringBuilder text = new StringBuilder();
    head(text, message);
    title(text, "Hops");
    hops(text, message, chain.isEmpty() ? List.of(message) : chain);
    title(text, "Recipients");
    messages.recipients(message, text);
    title(text, "Events");
    events.widen(recorded);
    recorded.forEach(event -> text.append("  ").append(events.line(event, false)).append('\n'));
    return text.toString();
  }

  /** Other messages that go by the name that was asked for; empty when there are none. */
  String namesakes(Namesakes namesakes) {
    StringBuilder text = new StringBuilder();
    if (!namesakes.others().isEmpty()) {
      title(text, "Others with this " + namesakes.kind());
      for (MessageState other : namesakes.others()) {
        text.append("  ")
            .append(times.full(other.key().receivedAt()))
            .append("  ")
            .append(other.key().id())
            .append('\n');
      }
      namesakes.more().ifPresent(command -> text.append("  and more, perhaps: " + command + "\n"));
    }
    return text.toString();
  }

  private void title(StringBuilder text, String title) {
    text.append('\n').append(style.bold(title)).append('\n');
  }

  private void head(StringBuilder text, MessageState message) {
    text.append(style.bold(MessageText.id(message))).append('\n');
    line(text, "queue id", message.key().queueId() + " on " + Plain.text(message.key().mta()));
    line(text, "journal id", message.key().id());
    String unseen = message.source() == Source.PASS ? ", " + MessageText.UNSEEN : "";
    line(text, "received", times.exact(message.key().receivedAt()) + unseen);
    String login =
        message.authenticatedAs().map(name -> ", logged in as " + Plain.text(name)).orElse("");
    line(text, "sender", MessageText.sender(message.sender()) + login);
    line(text, "client", isUnknown(message) ? UNKNOWN : client(message.client()));
    line(text, "size", Words.count(message.size(), "byte"));
  }

  /** Only the milter is told of a program on this machine by nothing but an absent address. */
  private static boolean isUnknown(MessageState message) {
    return message.source() != Source.MILTER && !message.client().isKnown();
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append("  ").append(Plain.padded(name, 12)).append(value).append('\n');
  }

  private static String client(Client client) {
    List<String> parts = new ArrayList<>();
    parts.add(host(client));
    client.helo().ifPresent(helo -> parts.add("HELO " + Plain.text(helo)));
    client.tls().ifPresent(tls -> parts.add(Plain.text(tls)));
    return String.join(", ", parts);
  }

  private static String host(Client client) {
    if (client.address().isEmpty()) {
      return client.name().map(Plain::text).orElse("a program on this machine");
    }
    return client.name().map(Plain::text).orElse("unknown")
        + " ["
        + Plain.text(client.address().get())
        + "]";
  }

  /**
   * From the first client through this MTA, once or more often, to wherever each recipient went.
   */
  private void hops(StringBuilder text, MessageState shown, List<MessageState> chain) {
    MessageState first = chain.get(0);
    text.append("  ")
        .append(isUnknown(first) ? "a client that is " + UNKNOWN : host(first.client()))
        .append('\n');
    String indent = "  ";
    for (MessageState message : chain) {
      String queueId = message.key().queueId().text();
      boolean isShown = message.key().equals(shown.key());
      text.append(indent)
          .append("-> ")
          .append(Plain.text(message.key().mta()))
          .append(" (")
          .append(isShown ? style.bold(queueId) : queueId)
          .append(") at ")
          .append(times.beside(shown.key().receivedAt(), message.key().receivedAt()))
          .append('\n');
      indent += "   ";
      for (RecipientState state : message.recipients()) {
        text.append(indent).append("-> ").append(target(state)).append('\n');
      }
    }
  }

  private String target(RecipientState state) {
    String name = Sentence.name(state.recipient());
    String status = style.status(state.status(), state.status().word());
    if (state.status() != Status.RELAYED) {
      return name + ": " + status;
    }
    String id = state.remoteQueueId().map(i -> " (" + Plain.text(i) + ")").orElse("");
    String to =
        switch (state.ending().orElseThrow()) {
          case MAIL_SYSTEM, MAILBOX -> Sentence.far(state.remote());
          case PROGRAM -> "a program of this machine";
          case NOWHERE -> "nowhere";
        };
    return to + id + " for " + name + ": " + status;
  }
}
