package org.mailjournal.relaytest;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What matters of a mail that a sender got about his mail.
 *
 * @param subject of it
 * @param parts the content types of the message and its parts, without parameters
 * @param fields those of the delivery-status part that do not differ between two machines
 */
record Notice(String subject, List<String> parts, List<String> fields)
    implements Comparable<Notice> {
  private static final Pattern FOLD = Pattern.compile("\r?\n[ \t]+");
  private static final Pattern PART = Pattern.compile("(?im)^Content-Type: *([^;\\s]+)");
  private static final Pattern FIELD =
      Pattern.compile(
          "(?im)^((?:Original-Envelope-Id|Final-Recipient|Original-Recipient|Action|Status"
              + "|Diagnostic-Code|Remote-MTA): *[^\r\n]*)");

  /** Ids that exchangers and Postfix made up. */
  private static final Pattern ID = Pattern.compile("\\b(X[0-9A-Fa-f]{8,}|[0-9A-F]{10,12})\\b");

  static Notice of(Exchanger.Received message) {
    byte[] bytes = message.content().toArray();
    String text = FOLD.matcher(new String(bytes, StandardCharsets.ISO_8859_1)).replaceAll(" ");
    return new Notice(
        Headers.first(bytes, "Subject").orElse(""),
        PART.matcher(text).results().map(m -> m.group(1)).toList(),
        FIELD.matcher(text).results().map(m -> ID.matcher(m.group(1)).replaceAll("ID")).toList());
  }

  List<String> actions() {
    return fields.stream()
        .filter(f -> f.startsWith("Action: "))
        .map(f -> f.substring("Action: ".length()))
        .toList();
  }

  @Override
  public int compareTo(Notice other) {
    return toString().compareTo(other.toString());
  }
}
