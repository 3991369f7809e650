package org.mailjournal.postfix;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.mailjournal.journal.Bytes;

/**
 * Reads one attribute list from bytes as they come.
 *
 * <pre>
 *   NAME --NUL--> VALUE --NUL--> NAME      an empty name: complete
 * </pre>
 *
 * What is longer or more than Postfix ever sends is refused before it is kept.
 */
final class AttributeReader {
  static final int LONGEST_NAME = 256;
  static final int LONGEST_VALUE = 64 * 1024;
  static final int MOST_ATTRIBUTES = 128;
  static final int LONGEST_LIST = 256 * 1024;

  private final Map<String, String> values = new LinkedHashMap<>();
  private final ByteArrayOutputStream wire = new ByteArrayOutputStream(512);
  private final ByteArrayOutputStream current = new ByteArrayOutputStream(128);
  private int count;
  private String name;

  /**
   * Takes the next byte.
   *
   * @return the list, when the byte ended it
   * @throws IOException when it cannot be one of Postfix's
   */
  Optional<AttributeList> feed(byte next) throws IOException {
    if (wire.size() >= LONGEST_LIST) {
      throw tooMuch("bytes in a list", LONGEST_LIST);
    }
    wire.write(next);
    if (next != 0) {
      current.write(next);
      checkLength();
      return Optional.empty();
    }
    String text = Bytes.text(current.toByteArray());
    current.reset();
    if (name != null) {
      values.putIfAbsent(name, text);
      name = null;
    } else if (text.isEmpty()) {
      return Optional.of(new AttributeList(values, wire.toByteArray()));
    } else if (++count > MOST_ATTRIBUTES) {
      throw tooMuch("attributes", MOST_ATTRIBUTES);
    } else {
      name = text;
    }
    return Optional.empty();
  }

  /** Whether nothing came yet: the peer may go without having said anything. */
  boolean isUntouched() {
    return wire.size() == 0;
  }

  private void checkLength() throws IOException {
    int length = current.size();
    if (name == null && length > LONGEST_NAME) {
      throw tooMuch("bytes in a name", LONGEST_NAME);
    }
    if (name != null && length > LONGEST_VALUE) {
      throw tooMuch("bytes in a value", LONGEST_VALUE);
    }
  }

  private static IOException tooMuch(String what, int limit) {
    return new IOException("attribute protocol: expected at most " + limit + " " + what);
  }
}
