package org.mailjournal.relaytest;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.mailjournal.journal.Bytes;

/**
 * A message and its envelope, as a scenario writes it.
 *
 * @param parameters of MAIL
 * @param messageId with angle brackets; absent for a message without the field
 * @param fields further header fields, each a line of UTF-8 without its end
 * @param body lines ended by CRLF
 */
public record Letter(
    String sender,
    List<String> parameters,
    List<To> recipients,
    Optional<String> messageId,
    List<String> fields,
    Bytes body) {
  /** One RCPT and its parameters. */
  public record To(String address, List<String> parameters) {
    public To {
      parameters = List.copyOf(parameters);
    }
  }

  public Letter {
    parameters = List.copyOf(parameters);
    recipients = List.copyOf(recipients);
    fields = List.copyOf(fields);
  }

  /** A short letter with a Message-ID of its own, to nobody yet. */
  public static Letter from(String sender) {
    return new Letter(
        sender,
        List.of(),
        List.of(),
        Optional.of("<" + UUID.randomUUID() + "@letters.test>"),
        List.of("From: Somebody <somebody@letters.test>", "Subject: a letter"),
        bytes("One line.\r\n".getBytes(StandardCharsets.US_ASCII)));
  }

  /** Also to this recipient. */
  public Letter to(String address, String... rcptParameters) {
    List<To> more = new ArrayList<>(recipients);
    more.add(new To(address, List.of(rcptParameters)));
    return new Letter(sender, parameters, more, messageId, fields, body);
  }

  /** Also to all of these. */
  public Letter toAll(List<String> addresses) {
    List<To> more = new ArrayList<>(recipients);
    addresses.forEach(address -> more.add(new To(address, List.of())));
    return new Letter(sender, parameters, more, messageId, fields, body);
  }

  /** With these parameters of MAIL. */
  public Letter with(String... mailParameters) {
    return new Letter(sender, List.of(mailParameters), recipients, messageId, fields, body);
  }

  /** With this Message-ID, which has angle brackets. */
  public Letter messageId(String id) {
    return new Letter(sender, parameters, recipients, Optional.of(id), fields, body);
  }

  public Letter withoutMessageId() {
    return new Letter(sender, parameters, recipients, Optional.empty(), fields, body);
  }

  /** With one more header field. */
  public Letter field(String line) {
    List<String> more = new ArrayList<>(fields);
    more.add(line);
    return new Letter(sender, parameters, recipients, messageId, more, body);
  }

  /** With this body. */
  public Letter body(byte[] octets) {
    return new Letter(sender, parameters, recipients, messageId, fields, bytes(octets));
  }

  private static Bytes bytes(byte[] octets) {
    return Bytes.head(octets, octets.length);
  }

  /** Header section and body, as they go over the wire but for the dots. */
  public byte[] octets() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(body.size() + 512);
    messageId.ifPresent(id -> line(out, "Message-ID: " + id));
    fields.forEach(field -> line(out, field));
    line(out, "");
    out.writeBytes(body.toArray());
    return out.toByteArray();
  }

  private static void line(ByteArrayOutputStream out, String text) {
    out.writeBytes((text + "\r\n").getBytes(StandardCharsets.UTF_8));
  }
}
