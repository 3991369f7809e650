package org.mailjournal.receipt;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.mailjournal.journal.Bytes;

/**
 * A MIME entity (RFC 2045): its header fields and its body, in 7-bit lines short enough for every
 * MTA, so that none re-encodes it and breaks the signature (RFC 8551 section 3.1.2).
 */
final class Entity {
  private static final int LONGEST_LINE = 998;
  private static final Base64.Encoder BASE64 =
      Base64.getMimeEncoder(76, "\r\n".getBytes(StandardCharsets.US_ASCII));

  private final Fields header;
  private final byte[] body;

  private Entity(Fields header, byte[] body) {
    this.header = header;
    this.body = body;
  }

  /** A text of ours, in UTF-8. */
  static Entity text(String type, String language, String text) {
    Fields header =
        new Fields(false)
            .add("Content-Type", type + "; charset=utf-8")
            .add("Content-Language", language)
            .add("Content-Transfer-Encoding", "quoted-printable");
    return new Entity(header, QuotedPrintable.encode(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Lines as they are where they can travel so, else in quoted-printable. */
  static Entity lines(String type, byte[] lines) {
    boolean safe = travels(lines);
    Fields header =
        new Fields(false)
            .add("Content-Type", type)
            .add("Content-Transfer-Encoding", safe ? "7bit" : "quoted-printable");
    return new Entity(header, safe ? lines : QuotedPrintable.encode(lines));
  }

  /** A file beside the text. */
  static Entity file(String type, String name, byte[] content) {
    Fields header =
        new Fields(false)
            .add("Content-Type", type + "; name=\"" + name + "\"")
            .add("Content-Disposition", "attachment; filename=\"" + name + "\"")
            .add("Content-Transfer-Encoding", "base64");
    return new Entity(header, BASE64.encode(content));
  }

  /**
   * Parts in one. The boundary is made of a hash of them, so none of them can contain it.
   *
   * @param type with its parameters, the boundary not among them
   */
  static Entity multipart(String type, List<Entity> parts) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream(8192);
    parts.forEach(part -> part.writeTo(joined));
    String boundary = "=_" + Bytes.sha256(joined.toByteArray()).substring(0, 40);
    ByteArrayOutputStream body = new ByteArrayOutputStream(joined.size() + 512);
    for (Entity part : parts) {
      ascii(body, "--" + boundary + "\r\n");
      part.writeTo(body);
      ascii(body, "\r\n");
    }
    ascii(body, "--" + boundary + "--\r\n");
    Fields header = new Fields(false).add("Content-Type", type + "; boundary=\"" + boundary + "\"");
    return new Entity(header, body.toByteArray());
  }

  byte[] toBytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(body.length + 256);
    writeTo(out);
    return out.toByteArray();
  }

  private void writeTo(ByteArrayOutputStream out) {
    out.writeBytes(header.toBytes());
    ascii(out, "\r\n");
    out.writeBytes(body);
  }

  private static void ascii(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** ASCII in short lines with CRLF, none of them one that somebody on the way would change. */
  private static boolean travels(byte[] lines) {
    int start = 0;
    for (int i = 0; i < lines.length; i++) {
      byte c = lines[i];
      if (c == '\r' && i + 1 < lines.length && lines[i + 1] == '\n') {
        if (!isQuiet(lines, start, i)) {
          return false;
        }
        start = i + 2;
        i++;
      } else if (c <= 0 || c == '\r' || c == '\n' || c == 0x7f) {
        return false;
      }
    }
    return start == lines.length;
  }

  private static boolean isQuiet(byte[] lines, int start, int end) {
    int length = end - start;
    if (length == 0) {
      return true;
    }
    boolean from =
        length >= 5 && new String(lines, start, 5, StandardCharsets.ISO_8859_1).equals("From ");
    byte last = lines[end - 1];
    return length <= LONGEST_LINE && !from && last != ' ' && last != '\t';
  }
}
