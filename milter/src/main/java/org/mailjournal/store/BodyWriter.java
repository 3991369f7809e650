package org.mailjournal.store;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Writes the fields of an event's body; {@link BodyReader} is its mirror. */
final class BodyWriter {
  /** Longer texts are no words: nobody else will have them. */
  private static final int LONGEST_WORD = 100;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream(512);
  private final List<String> words = new ArrayList<>();

  byte[] content() {
    return out.toByteArray();
  }

  /** The words that were used, in the order of their first use. */
  List<String> words() {
    return words;
  }

  void number(long value) {
    number(out, value);
  }

  /** Seven bits a byte, the lowest first; small ones of either sign are short. */
  static void number(ByteArrayOutputStream out, long value) {
    long rest = (value << 1) ^ (value >> 63);
    while ((rest & ~0x7FL) != 0) {
      out.write((int) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  void bytes(byte[] bytes) {
    number(bytes.length);
    octets(bytes);
  }

  /** Whose number the reader knows. */
  void octets(byte[] octets) {
    out.writeBytes(octets);
  }

  /** A length, negative for text that is no well-formed UTF-16 and goes as it is, and the bytes. */
  void text(String text) {
    if (isWellFormed(text)) {
      bytes(text.getBytes(StandardCharsets.UTF_8));
    } else {
      number(-text.length());
      for (int i = 0; i < text.length(); i++) {
        out.write(text.charAt(i) >> 8);
        out.write(text.charAt(i));
      }
    }
  }

  private static boolean isWellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
      }
    }
    return true;
  }

  void text(Optional<String> text) {
    flag(text.isPresent());
    text.ifPresent(this::text);
  }

  void flag(boolean flag) {
    out.write(flag ? 1 : 0);
  }

  /** 0 for none, -1 before a text in place, else the place among the words, from 1. */
  void word(Optional<String> text) {
    if (text.isEmpty()) {
      number(0);
    } else if (text.get().length() > LONGEST_WORD || text.get().isEmpty()) {
      number(-1);
      text(text.get());
    } else {
      int place = words.indexOf(text.get());
      if (place < 0) {
        place = words.size();
        words.add(text.get());
      }
      number(place + 1);
    }
  }
}
