package org.mailjournal.relaytest;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Postfix's internal protocol: names and values, each ended by a NUL, and an empty name at last.
 */
final class Attributes {
  private static final int LONGEST = 1 << 20;

  private Attributes() {}

  static byte[] encode(Map<String, String> attributes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    attributes.forEach(
        (name, value) -> {
          string(out, name);
          string(out, value);
        });
    out.write(0);
    return out.toByteArray();
  }

  static Map<String, String> read(InputStream in) throws IOException {
    Map<String, String> attributes = new LinkedHashMap<>();
    for (String name = string(in); !name.isEmpty(); name = string(in)) {
      attributes.put(name, string(in));
    }
    return attributes;
  }

  private static void string(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    out.write(0);
  }

  private static String string(InputStream in) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    for (int b = in.read(); b != 0; b = in.read()) {
      if (b < 0 || text.size() == LONGEST) {
        throw new EOFException("an attribute is cut short");
      }
      text.write(b);
    }
    return text.toString(StandardCharsets.UTF_8);
  }
}
