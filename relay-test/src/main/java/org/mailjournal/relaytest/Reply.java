package org.mailjournal.relaytest;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * An SMTP reply (RFC 5321 section 4.2): one line or several, in bytes of one's choice. The word
 * {@code {id}} in a line becomes the exchanger's queue id.
 */
public record Reply(int code, List<String> lines, Charset charset) {
  public Reply {
    lines = List.copyOf(lines);
    if (code < 200 || code > 599 || lines.isEmpty()) {
      throw new IllegalArgumentException(
          "reply: expected 200 to 599 and a line, got " + code + " " + lines);
    }
  }

  /** A reply whose lines are sent as UTF-8. */
  public static Reply of(int code, String... lines) {
    return new Reply(code, List.of(lines), StandardCharsets.UTF_8);
  }

  /** The same reply with every character up to 255 sent as one byte: not UTF-8. */
  public Reply as8Bit() {
    return new Reply(code, lines, StandardCharsets.ISO_8859_1);
  }

  /** A reply whose one line, code and space included, has this many characters. */
  public static Reply long250(int length) {
    String head = "2.0.0 Ok: queued as {id} ";
    return of(250, head + "x".repeat(length - head.length() - 4));
  }

  boolean positive() {
    return code < 400;
  }

  byte[] bytes(String queueId) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < lines.size(); i++) {
      boolean last = i == lines.size() - 1;
      text.append(code).append(last ? ' ' : '-');
      text.append(lines.get(i).replace("{id}", queueId)).append("\r\n");
    }
    return text.toString().getBytes(charset);
  }
}
