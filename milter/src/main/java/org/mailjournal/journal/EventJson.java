package org.mailjournal.journal;

import java.util.Base64;
import java.util.Optional;

/**
 * An event as one JSON object, with the names that the message's object has for the same things.
 */
public final class EventJson {
  private EventJson() {}

  /** The object of {@code tail --json}. */
  public static String of(RecordedEvent recorded) {
    return JsonWriter.object(json -> write(json, recorded));
  }

  /** The fields of an event, into an object that is open. */
  public static void write(JsonWriter json, RecordedEvent recorded) {
    Event event = recorded.event();
    json.field("sequence", recorded.sequence())
        .field("at", event.at())
        .field("kind", event.kind())
        .field("source", event.source().word());
    event
        .about()
        .ifPresent(
            key ->
                json.field("id", key.id())
                    .field("mta", key.mta())
                    .field("queue_id", key.queueId().text()));
    if (event instanceof Event.Received received) {
      received(json, received);
    } else if (event instanceof Event.Outcome outcome) {
      outcome(json, outcome);
    } else if (event instanceof Event.Unreported unreported) {
      recipient(json, unreported.recipient());
      json.field("reason", unreported.reason());
    } else if (event instanceof Event.Oddity oddity) {
      oddity(json, oddity);
    } else if (event instanceof Event.Started started) {
      json.field("host", started.host()).field("version", started.version());
    } else if (event instanceof Event.Stopped stopped) {
      json.field("host", stopped.host());
    } else if (event instanceof ReceiptEvent receipt) {
      receipt(json, receipt);
    } else {
      throw new IllegalStateException("no JSON for " + event.kind());
    }
  }

  private static void received(JsonWriter json, Event.Received event) {
    json.field("message_id", event.messageId().map(MessageId::toString))
        .field("sender", event.sender().text())
        .field("authenticated_as", event.authenticatedAs());
    client(json, event.client());
    json.field("size", event.size())
        .strings("received_ids", event.trail())
        .objects("accepted", event.accepted(), (inner, one) -> accepted(inner, event, one))
        .objects("rejected", event.rejected(), EventJson::rejected);
    event.digest().ifPresent(digest -> digest(json, digest));
  }

  /** The hashes of a message, and how they were made. */
  public static void digest(JsonWriter json, ContentDigest digest) {
    json.object(
        "digest",
        inner ->
            inner
                .field("form", ContentDigest.FORM)
                .field("header_sha256", digest.header().hex())
                .field("body_sha256", digest.body().hex()));
  }

  /** Left out when nothing is known of it. */
  public static void client(JsonWriter json, Client client) {
    if (client.isKnown()) {
      json.object(
          "client",
          inner ->
              inner
                  .field("name", client.name())
                  .field("address", client.address())
                  .field("helo", client.helo())
                  .field("tls", client.tls()));
    }
  }

  private static void accepted(JsonWriter json, Event.Received event, Event.Accepted accepted) {
    // Where no milter told, our mark is not told from the sender's own wish.
    boolean isKnown = event.source() != Source.PASS || !accepted.marked();
    json.field("address", accepted.address().text())
        .field("asked", isKnown ? Optional.of(accepted.asked().toString()) : Optional.empty())
        .field("orcpt", accepted.orcpt())
        .field("mailer", accepted.mailer())
        .field("marked", accepted.marked())
        .field("rewritten", accepted.rewritten().map(Address::text));
  }

  private static void rejected(JsonWriter json, Event.Rejected rejected) {
    json.field("address", rejected.address().text())
        .field("dsn", rejected.dsn().map(EnhancedStatus::toString))
        .field("reason", rejected.text());
  }

  private static void outcome(JsonWriter json, Event.Outcome event) {
    recipient(json, event.recipient());
    json.field("dsn", event.dsn().map(EnhancedStatus::toString))
        .field("remote_mta", event.remote().mta())
        .field("remote_address", event.remote().address())
        .field("remote_tls", event.remote().tls())
        .field("reply", event.reply())
        .field("reason", event.reason());
  }

  private static void recipient(JsonWriter json, Recipient recipient) {
    json.field("recipient", recipient.address().text())
        .field("original", recipient.original().map(Address::text));
  }

  private static void oddity(JsonWriter json, Event.Oddity event) {
    json.field("stage", event.stage())
        .field("problem", event.problem())
        .field("sha256", event.sha256())
        .field("excerpt_base64", Base64.getEncoder().encodeToString(event.excerpt().toArray()));
  }

  private static void receipt(JsonWriter json, ReceiptEvent event) {
    if (event instanceof ReceiptEvent.Wanted wanted) {
      json.field("to", wanted.to().text()).field("reason", wanted.reason());
    } else if (event instanceof ReceiptEvent.Due due) {
      json.field("receipt", due.receipt().word()).field("receipt_id", due.receiptId());
    } else if (event instanceof ReceiptEvent.Sent sent) {
      json.field("receipt", sent.receipt().word())
          .field("receipt_id", sent.receiptId())
          .field("reply", sent.reply());
    } else if (event instanceof ReceiptEvent.Abandoned abandoned) {
      json.field("receipt", abandoned.receipt().word()).field("reason", abandoned.reason());
    }
  }
}
