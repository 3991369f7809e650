package org.mailjournal.journal;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Writes one JSON value (RFC 8259) on one line. Absent values are left out. Characters that some
 * reader takes for the end of a line are escaped, so that a line stays one, and so are those that
 * would deceive a person who reads it.
 */
public final class JsonWriter {
  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final StringBuilder text = new StringBuilder();

  /** One object as text. */
  public static String object(Consumer<JsonWriter> fields) {
    JsonWriter writer = new JsonWriter();
    writer.braces(fields);
    return writer.text.toString();
  }

  /** A text. */
  public JsonWriter field(String name, String value) {
    name(name);
    string(value);
    return this;
  }

  /** A text, if there is one. */
  public JsonWriter field(String name, Optional<String> value) {
    value.ifPresent(v -> field(name, v));
    return this;
  }

  /** A number. */
  public JsonWriter field(String name, long value) {
    name(name);
    text.append(value);
    return this;
  }

  /** A truth value. */
  public JsonWriter field(String name, boolean value) {
    name(name);
    text.append(value);
    return this;
  }

  /** A moment: UTC, with milliseconds. */
  public JsonWriter field(String name, Instant value) {
    return field(name, MOMENT.format(value));
  }

  /** An object within. */
  public JsonWriter object(String name, Consumer<JsonWriter> fields) {
    name(name);
    braces(fields);
    return this;
  }

  /** Texts. */
  public JsonWriter strings(String name, List<?> values) {
    return array(name, values, v -> string(v.toString()));
  }

  /** Objects, one for each value. */
  public <T> JsonWriter objects(String name, List<T> values, BiConsumer<JsonWriter, T> fields) {
    return array(name, values, v -> braces(writer -> fields.accept(writer, v)));
  }

  private <T> JsonWriter array(String name, List<T> values, Consumer<T> element) {
    name(name);
    text.append('[');
    for (T value : values) {
      comma();
      element.accept(value);
    }
    text.append(']');
    return this;
  }

  private void braces(Consumer<JsonWriter> fields) {
    text.append('{');
    fields.accept(this);
    text.append('}');
  }

  private void name(String name) {
    comma();
    string(name);
    text.append(':');
  }

  private void comma() {
    char last = text.charAt(text.length() - 1);
    if (last != '{' && last != '[') {
      text.append(',');
    }
  }

  private void string(String value) {
    text.append('"');
    value.codePoints().forEach(this::character);
    text.append('"');
  }

  private void character(int c) {
    switch (c) {
      case '"' -> text.append("\\\"");
      case '\\' -> text.append("\\\\");
      case '\n' -> text.append("\\n");
      case '\r' -> text.append("\\r");
      case '\t' -> text.append("\\t");
      default -> {
        if (Character.getType(c) == Character.SURROGATE) {
          // A half has no UTF-8; nothing that is well-formed can stand for it.
          text.append("\\ufffd");
        } else if (c < 0x20 || (c >= 0x7f && c < 0xa0) || Spelling.isTreacherous(c)) {
          for (char unit : Character.toChars(c)) {
            text.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
          }
        } else {
          text.appendCodePoint(c);
        }
      }
    }
  }
}
