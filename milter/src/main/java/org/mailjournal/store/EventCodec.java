package org.mailjournal.store;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
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
 * version   3: plain content, 4: deflated with {@link Packing}'s dictionary
 * checksum  CRC-32C of all that follows, then of the event's place and of its words, 4 bytes
 * moment    milliseconds, from the message's number on where it has one
 * words     how many, and their numbers
 * [size]    of the content, version 4 only
 * content   {@link EventFields}
 * </pre>
 *
 * <p>Versions 1 and 2 are as 3 and 4, but their checksum is of what follows only. A later event of
 * a message leaves out what the first one says ({@link MessageContext}). Not for use by two threads
 * at once.
 */
final class EventCodec implements AutoCloseable {
  private static final int PLAIN = 3;
  private static final int DEFLATED = 4;

  /** Of the versions that were written before. */
  private static final int BEFORE = -2;

  private static final int HEAD = 5;

  private final Words words;
  private final Packing packing = new Packing();

  EventCodec(Words words) {
    this.words = words;
  }

  /**
   * The body of an event.
   *
   * @param context of its message's first event; absent when this is the first
   */
  byte[] encode(Event event, Place place, Optional<MessageContext> context) {
    BodyWriter fields = new BodyWriter();
    EventFields.write(event, place.message(), context, fields);
    byte[] content = fields.content();
    byte[] packed = packing.pack(content, fields.words());
    boolean deflated = packed.length + 2 < content.length;
    ByteArrayOutputStream body = new ByteArrayOutputStream(content.length + 32);
    body.write(deflated ? DEFLATED : PLAIN);
    body.write(0);
    body.write(0);
    body.write(0);
    body.write(0);
    BodyWriter.number(body, Math.subtractExact(event.at().toEpochMilli(), place.base()));
    BodyWriter.number(body, fields.words().size());
    for (String word : fields.words()) {
      BodyWriter.number(body, words.number(word));
    }
    if (deflated) {
      BodyWriter.number(body, content.length);
    }
    body.writeBytes(deflated ? packed : content);
    return sealed(body.toByteArray(), place, fields.words());
  }

  /**
   * The event of a body.
   *
   * @param context of the message's first event; absent when this is the first
   * @throws MalformedBody when the body was not written by {@link #encode} for this place
   */
  Event decode(byte[] body, Place place, Optional<MessageContext> context) {
    Opened opened = open(body, place);
    BodyReader fields = opened.rest();
    if (body[0] == DEFLATED || body[0] == DEFLATED + BEFORE) {
      long size = fields.number();
      if (size < 0 || size > Integer.MAX_VALUE - 16) {
        throw new MalformedBody("unpacks to " + size + " bytes");
      }
      byte[] content = packing.unpack(body, fields.position(), (int) size, opened.words());
      fields = new BodyReader(content, 0);
    }
    fields.words(opened.words());
    Event event = EventFields.read(opened.at(), place.message(), context, fields);
    if (!fields.isAtEnd()) {
      throw new MalformedBody("goes on after its end");
    }
    return event;
  }

  /** The moment of a body, without reading the rest. */
  Instant at(byte[] body, Place place) {
    return open(body, place).at();
  }

  static long base(OptionalLong message) {
    return message.isPresent() ? MessageNumber.milliseconds(message.getAsLong()) : 0;
  }

  private record Opened(Instant at, List<String> words, BodyReader rest) {}

  private Opened open(byte[] body, Place place) {
    if (body.length < HEAD || body[0] < PLAIN + BEFORE || body[0] > DEFLATED) {
      throw new MalformedBody(
          body.length < HEAD ? "ends in its head" : "version " + body[0] + " is not known");
    }
    BodyReader head = new BodyReader(body, HEAD);
    Instant at = Instant.ofEpochMilli(place.base() + head.number());
    int count = head.count();
    List<String> known = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      known.add(words.text(head.number()));
    }
    requireSealed(body, place, known);
    return new Opened(at, known, head);
  }

  private static byte[] sealed(byte[] body, Place place, List<String> words) {
    int checksum = checksum(body, place, words);
    for (int i = 0; i < 4; i++) {
      body[1 + i] = (byte) (checksum >>> (8 * i));
    }
    return body;
  }

  private static void requireSealed(byte[] body, Place place, List<String> words) {
    int checksum = checksum(body, place, words);
    for (int i = 0; i < 4; i++) {
      if (body[1 + i] != (byte) (checksum >>> (8 * i))) {
        throw new MalformedBody("its checksum does not hold");
      }
    }
  }

  private static int checksum(byte[] body, Place place, List<String> words) {
    CRC32C crc = new CRC32C();
    crc.update(body, HEAD, body.length - HEAD);
    if (body[0] >= PLAIN) {
      place.message().ifPresent(message -> update(crc, message));
      update(crc, place.sequence());
      for (String word : words) {
        crc.update(word.getBytes(StandardCharsets.UTF_8));
        crc.update(0);
      }
    }
    return (int) crc.getValue();
  }

  private static void update(CRC32C crc, long number) {
    crc.update(ByteBuffer.allocate(Long.BYTES).putLong(number).flip());
  }

  @Override
  public void close() {
    packing.close();
  }
}
