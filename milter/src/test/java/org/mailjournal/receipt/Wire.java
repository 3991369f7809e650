package org.mailjournal.receipt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;

/** What every message must be to travel unchanged. */
final class Wire {
  private static final int LONGEST_LINE = 998;

  private Wire() {}

  /** CRLF only, no NUL, no long line, nothing that anybody on the way would change. */
  static void assertTravels(byte[] message) {
    String text = new String(message, StandardCharsets.ISO_8859_1);
    assertTrue(text.endsWith("\r\n"), "ends with a line's end");
    assertFalse(text.contains("\0"), "no NUL");
    String body = text.substring(text.indexOf("\r\n\r\n"));
    for (String line : text.split("\r\n", -1)) {
      assertTrue(line.length() <= LONGEST_LINE, () -> line.length() + " bytes: " + line);
      assertFalse(line.contains("\r") || line.contains("\n"), () -> "bare CR or LF: " + line);
      assertFalse(line.startsWith("From "), () -> "a line that mbox changes: " + line);
      assertFalse(line.endsWith(" ") || line.endsWith("\t"), () -> "blank at the end: " + line);
    }
    assertEquals(0, body.chars().filter(c -> c > 0x7e).count(), "7-bit body");
  }
}
