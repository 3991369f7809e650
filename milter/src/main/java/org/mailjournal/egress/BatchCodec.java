package org.mailjournal.egress;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Asked;
import org.mailjournal.journal.Client;
import org.mailjournal.journal.EnhancedStatus;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageId;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.QueueId;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.Remote;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

/** A batch as one line of text: a version, a check sum, and the fields. A torn line is no line. */
final class BatchCodec {
  private static final String VERSION = "1";

  private BatchCodec() {}

  static String line(Batch batch) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeBoolean(batch.received().isPresent());
      if (batch.received().isPresent()) {
        write(out, batch.received().get());
      }
      out.writeInt(batch.outcomes().size());
      for (Event.Outcome outcome : batch.outcomes()) {
        write(out, outcome);
      }
    } catch (IOException inMemory) {
      throw new UncheckedIOException(inMemory);
    }
    byte[] content = bytes.toByteArray();
    return VERSION + " " + checksum(content) + " " + Base64.getEncoder().encodeToString(content);
  }

  /** The batch of a line; empty when it is torn or of another version. */
  static Optional<Batch> batch(String line) {
    String[] parts = line.split(" ", -1);
    if (parts.length != 3 || !parts[0].equals(VERSION)) {
      return Optional.empty();
    }
    try {
      byte[] content = Base64.getDecoder().decode(parts[2]);
      if (!parts[1].equals(checksum(content))) {
        return Optional.empty();
      }
      return Optional.of(read(new DataInputStream(new ByteArrayInputStream(content))));
    } catch (IOException | IllegalArgumentException torn) {
      return Optional.empty();
    }
  }

  private static String checksum(byte[] content) {
    CRC32 crc = new CRC32();
    crc.update(content);
    return Long.toHexString(crc.getValue());
  }

  private static Batch read(DataInputStream in) throws IOException {
    Optional<Event.Received> received =
        in.readBoolean() ? Optional.of(received(in)) : Optional.empty();
    List<Event.Outcome> outcomes = new ArrayList<>();
    int count = in.readInt();
    for (int i = 0; i < count; i++) {
      outcomes.add(outcome(in));
    }
    return new Batch(received, outcomes);
  }

  private static void write(DataOutputStream out, Event.Received event) throws IOException {
    out.writeLong(event.at().toEpochMilli());
    write(out, event.message());
    write(out, event.messageId().map(MessageId::text));
    out.writeUTF(event.sender().text());
    out.writeLong(event.size());
    out.writeInt(event.trail().size());
    for (QueueId id : event.trail()) {
      out.writeUTF(id.text());
    }
    out.writeInt(event.accepted().size());
    for (Event.Accepted accepted : event.accepted()) {
      out.writeUTF(accepted.address().text());
    }
  }

  private static Event.Received received(DataInputStream in) throws IOException {
    Instant at = Instant.ofEpochMilli(in.readLong());
    MessageKey message = key(in);
    Optional<MessageId> messageId = text(in).map(MessageId::new);
    Address sender = new Address(in.readUTF());
    long size = in.readLong();
    List<QueueId> trail = new ArrayList<>();
    int ids = in.readInt();
    for (int i = 0; i < ids; i++) {
      trail.add(new QueueId(in.readUTF()));
    }
    List<Event.Accepted> accepted = new ArrayList<>();
    int recipients = in.readInt();
    for (int i = 0; i < recipients; i++) {
      accepted.add(taken(new Address(in.readUTF())));
    }
    return new Event.Received(
        at,
        Source.EGRESS,
        message,
        messageId,
        sender,
        Optional.empty(),
        Client.UNKNOWN,
        size,
        trail,
        accepted,
        List.of());
  }

  /** A recipient of a message of which only the way out was seen. */
  static Event.Accepted taken(Address address) {
    return new Event.Accepted(address, Asked.DEFAULT, Optional.empty(), Optional.empty(), false);
  }

  private static void write(DataOutputStream out, Event.Outcome event) throws IOException {
    out.writeLong(event.at().toEpochMilli());
    write(out, event.message());
    out.writeUTF(event.recipient().address().text());
    write(out, event.recipient().original().map(Address::text));
    out.writeUTF(event.status().word());
    write(out, event.dsn().map(EnhancedStatus::toString));
    write(out, event.remote().mta());
    write(out, event.remote().address());
    write(out, event.remote().tls());
    write(out, event.reply());
    write(out, event.reason());
    out.writeUTF(event.attempt());
  }

  private static Event.Outcome outcome(DataInputStream in) throws IOException {
    return new Event.Outcome(
        Instant.ofEpochMilli(in.readLong()),
        Source.EGRESS,
        key(in),
        new Recipient(new Address(in.readUTF()), text(in).map(Address::new)),
        Status.of(in.readUTF()).orElseThrow(() -> new IOException("no status")),
        text(in).flatMap(EnhancedStatus::of),
        new Remote(text(in), text(in), text(in)),
        text(in),
        text(in),
        in.readUTF());
  }

  private static void write(DataOutputStream out, MessageKey key) throws IOException {
    out.writeUTF(key.mta());
    out.writeUTF(key.queueId().text());
    out.writeLong(key.receivedAt().toEpochMilli());
  }

  private static MessageKey key(DataInputStream in) throws IOException {
    return new MessageKey(
        in.readUTF(), new QueueId(in.readUTF()), Instant.ofEpochMilli(in.readLong()));
  }

  private static void write(DataOutputStream out, Optional<String> text) throws IOException {
    out.writeBoolean(text.isPresent());
    out.writeUTF(text.orElse(""));
  }

  private static Optional<String> text(DataInputStream in) throws IOException {
    boolean present = in.readBoolean();
    String text = in.readUTF();
    return present ? Optional.of(text) : Optional.empty();
  }
}
