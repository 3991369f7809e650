package org.mailjournal.cli;

import java.util.List;
import java.util.Optional;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Asked;
import org.mailjournal.journal.EnhancedStatus;
import org.mailjournal.journal.EventJson;
import org.mailjournal.journal.JsonWriter;
import org.mailjournal.journal.MessageId;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.RecipientState;
import org.mailjournal.journal.RecordedEvent;
import org.mailjournal.journal.Source;

/** A message as one JSON object. The names are a promise to scripts: none is ever changed. */
final class MessageJson {
  private MessageJson() {}

  /** The object of {@code find --json}. */
  static String of(MessageState message) {
    return JsonWriter.object(json -> write(json, message));
  }

  /** The object of {@code show --json}. */
  static String of(MessageState message, List<RecordedEvent> events) {
    return JsonWriter.object(
        json -> {
          write(json, message);
          json.objects("events", events, EventJson::write);
        });
  }

  private static void write(JsonWriter json, MessageState message) {
    json.field("id", message.key().id())
        .field("mta", message.key().mta())
        .field("queue_id", message.key().queueId().text())
        .field("message_id", message.messageId().map(MessageId::toString))
        .field("sender", message.sender().text())
        .field("authenticated_as", message.authenticatedAs());
    EventJson.client(json, message.client());
    json.field("size", message.size())
        .field("received_at", message.key().receivedAt())
        .field("source", message.source().word())
        .strings("previous", message.previous().stream().map(MessageKey::queueId).toList())
        .objects(
            "recipients", message.recipients(), (inner, state) -> recipient(inner, message, state));
  }

  private static void recipient(JsonWriter json, MessageState message, RecipientState state) {
    json.field("address", state.recipient().address().text())
        .field("original", state.recipient().original().map(Address::text))
        .field("asked", asked(message, state).map(Asked::toString))
        .field("status", state.status().word())
        .field("dsn", state.dsn().map(EnhancedStatus::toString))
        .field("remote_mta", state.remote().mta())
        .field("remote_address", state.remote().address())
        .field("reply", state.reply())
        .field("remote_queue_id", state.remoteQueueId())
        .field("reason", state.reason())
        .field("attempts", state.attempts())
        .field("source", state.source().word())
        .field("at", state.at());
  }

  /** Of what no milter told of, a queue file does not tell our mark from the sender's wish. */
  private static Optional<Asked> asked(MessageState message, RecipientState state) {
    return message.source() == Source.PASS ? Optional.empty() : state.asked();
  }
}
