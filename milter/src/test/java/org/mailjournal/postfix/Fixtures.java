package org.mailjournal.postfix;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Files of a real Postfix 3.7.11: of a message with short and one with long queue ids; with
 * addresses that it cannot print ({@code neutered}); with recipients that it delivers to under
 * other names ({@code renamed}, {@code redirected}).
 */
final class Fixtures {
  private Fixtures() {}

  /** A file's bytes; none where the message has no such file. */
  static byte[] bytes(String name) throws IOException {
    try (InputStream in = Fixtures.class.getResourceAsStream("/postfix/" + name)) {
      return in == null ? new byte[0] : in.readAllBytes();
    }
  }

  /** A record of a queue file: record.c. */
  static byte[] record(char type, String text) {
    byte[] data = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(type);
    int rest = data.length;
    do {
      out.write(rest > 127 ? (rest & 127) | 128 : rest);
      rest >>= 7;
    } while (rest != 0);
    out.writeBytes(data);
    return out.toByteArray();
  }

  static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }
}
