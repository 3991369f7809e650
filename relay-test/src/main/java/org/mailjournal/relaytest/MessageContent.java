package org.mailjournal.relaytest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A message's content, taken apart as an MTA shows it to a milter. */
public final class MessageContent {
  /** A field as bytes, and its value with and without the blank behind the colon. */
  private static final class Field {
    private final byte[] name;
    private final byte[] value;
    private final byte[] spaced;

    private Field(Headers.Field field) {
      // Folded lines come with a bare LF, in Postfix and in sendmail.
      String text = field.value().replace("\r\n", "\n");
      name = field.name().getBytes(StandardCharsets.ISO_8859_1);
      spaced = text.getBytes(StandardCharsets.ISO_8859_1);
      value =
          (text.startsWith(" ") ? text.substring(1) : text).getBytes(StandardCharsets.ISO_8859_1);
    }
  }

  private final List<Field> fields;
  private final byte[] content;
  private final int bodyAt;

  private MessageContent(byte[] content) {
    this.content = content;
    this.bodyAt = Headers.bodyAt(content);
    this.fields = Headers.of(content).stream().map(Field::new).toList();
  }

  /** The content of header section, empty line and body with CRLF. */
  public static MessageContent of(byte[] content) {
    return new MessageContent(content.clone());
  }

  byte[] bytes() {
    return content.clone();
  }

  /** Header fields, end of header, body; up to the first refusal. */
  Verdict show(MilterClient milter) throws IOException {
    boolean spaced = (milter.agreement().steps() & MilterSteps.HDR_LEADSPC) != 0;
    for (Field field : fields) {
      Verdict verdict = milter.header(field.name, spaced ? field.spaced : field.value);
      if (verdict.refuses()) {
        return verdict;
      }
    }
    Verdict verdict = milter.endOfHeaders();
    return verdict.refuses() ? verdict : milter.body(content, bodyAt);
  }
}
