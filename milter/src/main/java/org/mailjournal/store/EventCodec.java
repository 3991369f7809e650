package org.mailjournal.store;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.CRC32C;
import org.mailjournal.journal.Event;

/**
 * From an event to its stored body and back.
 *
 * <pre>
 * version   1: plain content, 2: deflated with {@link Packing}'s dictionary
 * checksum  CRC-32C of all that follows, 4 bytes
 * moment    milliseconds, from the message's number on where it has one
 * words     how many, and their numbers
 * [size]    of the content, version 2 only
 * content   {@link EventFields}
 * </pre>
 *
 * <p>A later event of a message leaves out what the first one says ({@link MessageContext}). Not
 * for use by two threads at once.
 */
final class EventCodec implements AutoCloseable {
  private static final int PLAIN = 1;
  private static final int DEFLATED = 2;
  private static final int HEAD = 5;

  private final Words words;
  private final Packing packing = new Packing();

  EventCodec(Words words) {
    this.words = words;
  }

  /**
   * The body of an event.
   *
   * @param message the number of the message that it concerns
   * @param context of its first event; absent when this is the first
   */
  byte[] encode(Event event, OptionalLong message, Optional<MessageContext> context) {
    BodyWriter fields = new BodyWriter();
    EventFields.write(event, message, context, fields);
    byte[] content = fields.content();
    byte[] packed = packing.pack(content, fields.words());
    boolean deflated = packed.length + 2 < content.length;
    ByteArrayOutputStream body = new ByteArrayOutputStream(content.length + 32);
    body.write(deflated ? DEFLATED : PLAIN);
    body.write(0);
    body.write(0);
    body.write(0);
    body.write(0);
    BodyWriter.number(body, Math.subtractExact(event.at().toEpochMilli(), base(message)));
    BodyWriter.number(body, fields.words().size());
    for (String word : fields.words()) {
      BodyWriter.number(body, words.number(word));
    }
    if (deflated) {
      BodyWriter.number(body, content.length);
    }
    body.writeBytes(deflated ? packed : content);
    return sealed(body.toByteArray());
  }

  /**
   * The event of a body.
   *
   * @param context of the message's first event; absent when this is the first
   * @throws MalformedBody when the body was not written by {@link #encode}
   */
  Event decode(byte[] body, OptionalLong message, Optional<MessageContext> context) {
    requireSealed(body);
    BodyReader head = new BodyReader(body, HEAD);
    Instant at = Instant.ofEpochMilli(base(message) + head.number());
    int count = head.count();
    List<String> known = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      known.add(words.text(head.number()));
    }
    BodyReader fields = head;
    if (body[0] == DEFLATED) {
      long size = head.number();
      if (size < 0 || size > Integer.MAX_VALUE - 16) {
        throw new MalformedBody("unpacks to " + size + " bytes");
      }
      fields = new BodyReader(packing.unpack(body, head.position(), (int) size, known), 0);
    }
    fields.words(known);
    Event event = EventFields.read(at, message, context, fields);
    if (!fields.isAtEnd()) {
      throw new MalformedBody("goes on after its end");
    }
    return event;
  }

  /** The moment of a body, without reading the rest. */
  static Instant at(byte[] body, OptionalLong message) {
    requireSealed(body);
    return Instant.ofEpochMilli(base(message) + new BodyReader(body, HEAD).number());
  }

  static long base(OptionalLong message) {
    return message.isPresent() ? MessageNumber.milliseconds(message.getAsLong()) : 0;
  }

  private static byte[] sealed(byte[] body) {
    int checksum = checksum(body);
    for (int i = 0; i < 4; i++) {
      body[1 + i] = (byte) (checksum >>> (8 * i));
    }
    return body;
  }

  private static void requireSealed(byte[] body) {
    if (body.length < HEAD || (body[0] != PLAIN && body[0] != DEFLATED)) {
      throw new MalformedBody(
          body.length < HEAD ? "ends in its head" : "version " + body[0] + " is not known");
    }
    int checksum = checksum(body);
    for (int i = 0; i < 4; i++) {
      if (body[1 + i] != (byte) (checksum >>> (8 * i))) {
        throw new MalformedBody("its checksum does not hold");
      }
    }
  }

  private static int checksum(byte[] body) {
    CRC32C crc = new CRC32C();
    crc.update(body, HEAD, body.length - HEAD);
    return (int) crc.getValue();
  }

  @Override
  public void close() {
    packing.close();
  }
}
