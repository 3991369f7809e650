package org.mailjournal.relaytest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The header section of a message, field by field, bytes kept as ISO 8859-1 characters. */
final class Headers {
  /**
   * One field.
   *
   * @param value as it came behind the colon, folded lines with their CRLF
   */
  record Field(String name, String value) {}

  private Headers() {}

  /** Where the body starts: behind the empty line, or at the end. */
  static int bodyAt(byte[] message) {
    int line = 0;
    for (int i = 0; i + 1 < message.length; i++) {
      if (message[i] == '\r' && message[i + 1] == '\n') {
        if (i == line) {
          return i + 2;
        }
        line = i + 2;
      }
    }
    return message.length;
  }

  static List<Field> of(byte[] message) {
    String section = new String(message, 0, bodyAt(message), StandardCharsets.ISO_8859_1);
    List<Field> fields = new ArrayList<>();
    for (String field : section.split("\r\n(?![ \t])", -1)) {
      int colon = field.indexOf(':');
      if (colon > 0) {
        fields.add(new Field(field.substring(0, colon), field.substring(colon + 1)));
      }
    }
    return fields;
  }

  /** The first field of that name, unfolded, without the blanks around it. */
  static Optional<String> first(byte[] message, String name) {
    return of(message).stream()
        .filter(f -> f.name().strip().equalsIgnoreCase(name))
        .map(f -> f.value().replace("\r\n", "").strip())
        .findFirst();
  }
}
