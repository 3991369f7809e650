package org.mailjournal.receipt;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.james.mime4j.codec.DecodeMonitor;
import org.apache.james.mime4j.codec.DecoderUtil;
import org.mailjournal.journal.Bytes;

/** The header section of the message that a receipt speaks of, as the milter kept it. */
final class OriginalHeader {
  /** A message of which no header section was kept. */
  static final OriginalHeader NONE = new OriginalHeader(List.of());

  private static final Set<String> TELLING =
      Set.of("from", "to", "cc", "subject", "date", "message-id");
  private static final int LONGEST_VALUE = 4000;
  private static final int MOST_REFERENCES = 20;
  private static final Pattern MESSAGE_ID = Pattern.compile("<[!-;=?-~]{1,250}>");

  private final List<Field> fields;

  private OriginalHeader(List<Field> fields) {
    this.fields = fields;
  }

  /** One field with its continuation lines, each ended by CRLF. */
  private record Field(String name, Bytes lines) {}

  /** The fields of these bytes, whatever ends their lines. */
  static OriginalHeader of(byte[] bytes) {
    List<Field> fields = new ArrayList<>();
    ByteArrayOutputStream field = new ByteArrayOutputStream();
    int start = 0;
    while (start < bytes.length) {
      int end = start;
      while (end < bytes.length && bytes[end] != '\n') {
        end++;
      }
      int content = end > start && bytes[end - 1] == '\r' ? end - 1 : end;
      if (content == start) {
        break;
      }
      boolean continued = bytes[start] == ' ' || bytes[start] == '\t';
      if (!continued) {
        close(field, fields);
      }
      field.write(bytes, start, content - start);
      field.writeBytes(new byte[] {'\r', '\n'});
      start = end + 1;
    }
    close(field, fields);
    return new OriginalHeader(fields);
  }

  private static void close(ByteArrayOutputStream field, List<Field> fields) {
    if (field.size() > 0) {
      byte[] lines = field.toByteArray();
      fields.add(new Field(nameOf(lines), Bytes.head(lines, lines.length)));
      field.reset();
    }
  }

  private static String nameOf(byte[] lines) {
    int colon = 0;
    while (colon < lines.length && lines[colon] != ':') {
      colon++;
    }
    return new String(lines, 0, Math.min(colon, 100), StandardCharsets.ISO_8859_1)
        .strip()
        .toLowerCase(Locale.ROOT);
  }

  /** The subject as its sender wrote it, harmless; empty when there is none. */
  Optional<String> subject() {
    return value("subject")
        .map(OriginalHeader::decoded)
        .map(Shown::title)
        .filter(subject -> !subject.isBlank());
  }

  /** The ids in References, at most the first and the latest ones. */
  List<String> references() {
    List<String> ids = new ArrayList<>();
    Matcher matcher = MESSAGE_ID.matcher(value("references").orElse(""));
    while (matcher.find()) {
      if (ids.size() == MOST_REFERENCES) {
        ids.remove(1);
      }
      ids.add(matcher.group());
    }
    return ids;
  }

  /** All fields, with CRLF. */
  byte[] all() {
    return joined(fields);
  }

  /** The fields by which a sender knows his message, with CRLF. */
  byte[] telling() {
    return joined(fields.stream().filter(field -> TELLING.contains(field.name())).toList());
  }

  /** RFC 6533 section 4.2 for UTF-8, RFC 6522 section 4 for everything else. */
  static String typeOf(byte[] lines) {
    String text = Bytes.text(lines);
    boolean utf8 = Arrays.equals(text.getBytes(StandardCharsets.UTF_8), lines);
    return utf8 && !Fields.isAscii(text) ? "message/global-headers" : "text/rfc822-headers";
  }

  private static byte[] joined(List<Field> fields) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    fields.forEach(field -> out.writeBytes(field.lines().toArray()));
    return out.toByteArray();
  }

  private Optional<String> value(String name) {
    return fields.stream()
        .filter(field -> field.name().equals(name))
        .findFirst()
        .map(OriginalHeader::unfolded);
  }

  private static String unfolded(Field field) {
    String text = Bytes.text(field.lines().toArray());
    String value = text.substring(text.indexOf(':') + 1).replace("\r\n", "").strip();
    return value.length() > LONGEST_VALUE ? value.substring(0, LONGEST_VALUE) : value;
  }

  private static String decoded(String value) {
    if (!value.contains("=?")) {
      return value;
    }
    try {
      return DecoderUtil.decodeEncodedWords(value, DecodeMonitor.SILENT);
    } catch (IllegalArgumentException notDecodable) {
      return value;
    }
  }
}
