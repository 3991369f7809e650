package org.mailjournal.store;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads what {@link BodyWriter} wrote. Every length is checked against what is there before
 * anything is allocated.
 */
final class BodyReader {
  private final byte[] content;
  private List<String> words = List.of();
  private int at;

  BodyReader(byte[] content, int at) {
    this.content = content;
    this.at = at;
  }

  void words(List<String> known) {
    words = known;
  }

  int position() {
    return at;
  }

  boolean isAtEnd() {
    return at == content.length;
  }

  int octet() {
    if (at >= content.length) {
      throw new MalformedBody("ends at " + at);
    }
    return content[at++] & 0xFF;
  }

  long number() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int octet = octet();
      value |= (long) (octet & 0x7F) << shift;
      if (octet < 0x80) {
        return (value >>> 1) ^ -(value & 1);
      }
    }
    throw new MalformedBody("a number without end at " + at);
  }

  /** A number of things that take at least a byte each, so no more than there are bytes. */
  int count() {
    long count = number();
    if (count < 0 || count > content.length - at) {
      throw new MalformedBody(count + " where " + (content.length - at) + " bytes are left");
    }
    return (int) count;
  }

  /** A number that is not large: an enum's place, flags. */
  int small() {
    long value = number();
    if (value < 0 || value > Short.MAX_VALUE) {
      throw new MalformedBody(value + " at " + at);
    }
    return (int) value;
  }

  byte[] bytes() {
    return octets(count());
  }

  byte[] octets(int length) {
    if (length > content.length - at) {
      throw new MalformedBody(length + " octets where " + (content.length - at) + " are left");
    }
    at += length;
    return Arrays.copyOfRange(content, at - length, at);
  }

  String text() {
    long length = number();
    if (length >= 0) {
      int bytes = within(length);
      at += bytes;
      return new String(content, at - bytes, bytes, StandardCharsets.UTF_8);
    }
    int units = within(-2 * length) / 2;
    char[] text = new char[units];
    for (int i = 0; i < units; i++) {
      text[i] = (char) (octet() << 8 | octet());
    }
    return new String(text);
  }

  private int within(long length) {
    if (length < 0 || length > content.length - at) {
      throw new MalformedBody("a text of " + length + " bytes at " + at);
    }
    return (int) length;
  }

  Optional<String> optionalText() {
    return flag() ? Optional.of(text()) : Optional.empty();
  }

  boolean flag() {
    return octet() != 0;
  }

  Optional<String> word() {
    long place = number();
    if (place == 0) {
      return Optional.empty();
    }
    if (place == -1) {
      return Optional.of(text());
    }
    if (place < 0 || place > words.size()) {
      throw new MalformedBody("word " + place + " of " + words.size());
    }
    return Optional.of(words.get((int) place - 1));
  }
}
