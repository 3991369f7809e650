package org.mailjournal.receipt;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.EventJson;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.JsonWriter;
import org.mailjournal.journal.MessageId;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.RecordedEvent;

/**
 * What the journal knows of one message, for somebody who does not trust it on its word: {@code
 * evidence.json}. doc/EVIDENCE.md has its fields, which never change their meaning.
 */
public final class Evidence {
  /** The file name of the attachment. */
  public static final String FILE_NAME = "evidence.json";

  /** The value of {@code format}. */
  static final String FORMAT = "mail-journal-evidence-1";

  private Evidence() {}

  /**
   * Who says it.
   *
   * @param host the name of the machine that the program runs on
   * @param version the program's version
   */
  public record Witness(String host, String version) {}

  /**
   * All that was recorded of a message, also after a content filter handed it in again.
   *
   * @param internalRelays addresses and networks, beside loopback, from which mail comes back
   */
  public static List<RecordedEvent> events(
      JournalReader journal, MessageState message, List<String> internalRelays) {
    return Course.of(journal, message, new Networks(internalRelays)).events(journal);
  }

  /**
   * The text of {@code evidence.json}: one JSON object on one line, to be kept as UTF-8.
   *
   * @param events all that was recorded of the message, in order
   * @param made when this is said
   */
  public static String json(
      MessageKey message, List<RecordedEvent> events, Witness witness, Instant made) {
    return json(message, events, 0, witness, made);
  }

  /** The same of fewer events, which says how many were left out. */
  static String json(
      MessageKey message, List<RecordedEvent> events, int leftOut, Witness witness, Instant made) {
    Optional<Event.Received> received =
        events.stream()
            .map(RecordedEvent::event)
            .filter(Event.Received.class::isInstance)
            .map(Event.Received.class::cast)
            .findFirst();
    return JsonWriter.object(
        json -> {
          json.field("format", FORMAT)
              .field("made_at", made)
              .field("host", witness.host())
              .field("program", "Mail Journal " + witness.version())
              .field("id", message.id())
              .field("mta", message.mta())
              .field("queue_id", message.queueId().text())
              .field("received_at", message.receivedAt());
          received.ifPresent(
              first ->
                  json.field("message_id", first.messageId().map(MessageId::toString))
                      .field("sender", first.sender().text()));
          received
              .flatMap(Event.Received::digest)
              .ifPresent(digest -> EventJson.digest(json, digest));
          json.objects("events", events, EventJson::write);
          if (leftOut > 0) {
            json.field("events_left_out", leftOut);
          }
        });
  }
}
