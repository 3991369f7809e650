package org.mailjournal.receipt;

import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** A receipt as Angus Mail reads it, which took no part in writing it. */
final class ReadReceipt {
  private static final Session SESSION = Session.getInstance(new Properties());

  private final MimeMessage message;
  private final byte[] bytes;

  ReadReceipt(byte[] bytes) {
    this.bytes = bytes;
    try {
      message = new MimeMessage(SESSION, new ByteArrayInputStream(bytes));
    } catch (MessagingException unreadable) {
      throw new AssertionError(unreadable);
    }
  }

  static ReadReceipt of(Facts facts) {
    return new ReadReceipt(Facts.composer("auto").compose(facts.notice()));
  }

  byte[] bytes() {
    return bytes;
  }

  String subject() {
    return ask(message::getSubject);
  }

  /** The only field of that name, unfolded. */
  String field(String name) {
    String[] values = ask(() -> message.getHeader(name));
    if (values == null || values.length != 1) {
      throw new AssertionError(
          name + ": expected one field, got " + (values == null ? 0 : values.length));
    }
    return values[0].replaceAll("\\r\\n(?=[ \\t])", "");
  }

  boolean has(String name) {
    return ask(() -> message.getHeader(name)) != null;
  }

  List<String> fieldNames() {
    List<String> names = new ArrayList<>();
    ask(message::getAllHeaders)
        .asIterator()
        .forEachRemaining(header -> names.add(header.getName()));
    return names;
  }

  /** The types in their order, each inside another behind its bracket. */
  String structure() {
    return ask(() -> structure(message));
  }

  private static String structure(Part part) throws MessagingException, IOException {
    String type =
        part.getContentType().replaceAll(";.*", "").replaceAll("(?s)[;\\r].*", "").strip();
    if (!part.isMimeType("multipart/*")) {
      return type;
    }
    Multipart parts = multipart(part);
    List<String> inside = new ArrayList<>();
    for (int i = 0; i < parts.getCount(); i++) {
      inside.add(structure(parts.getBodyPart(i)));
    }
    return type + "(" + String.join(" ", inside) + ")";
  }

  private static Multipart multipart(Part part) throws MessagingException {
    MimeMultipart parts = new MimeMultipart(part.getDataHandler().getDataSource());
    if (!parts.isComplete()) {
      throw new AssertionError("a multipart without its end");
    }
    return parts;
  }

  String text() {
    return leaf("text/plain");
  }

  /** The text in one line, as words. */
  String words() {
    return text().replaceAll("\\s+", " ");
  }

  String html() {
    return leaf("text/html");
  }

  String deliveryStatus() {
    return leaf("message/delivery-status");
  }

  String leaf(String type) {
    return new String(leafBytes(type), StandardCharsets.UTF_8);
  }

  byte[] leafBytes(String type) {
    Part found = ask(() -> find(message, type));
    if (found == null) {
      throw new AssertionError("no part " + type + " in " + structure());
    }
    return ask(() -> decoded((MimeBodyPart) found).readAllBytes());
  }

  /** RFC 6533 allows what Angus, after RFC 2045, does not decode: an encoding of message types. */
  private static InputStream decoded(MimeBodyPart part) throws MessagingException {
    String encoding = part.getHeader("Content-Transfer-Encoding", null);
    return MimeUtility.decode(part.getRawInputStream(), encoding);
  }

  Part part(String type) {
    return ask(() -> find(message, type));
  }

  private static Part find(Part part, String type) throws MessagingException, IOException {
    if (part.isMimeType(type)) {
      return part;
    }
    if (part.isMimeType("multipart/*")) {
      Multipart parts = multipart(part);
      for (int i = 0; i < parts.getCount(); i++) {
        BodyPart inside = parts.getBodyPart(i);
        Part found = find(inside, type);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  private interface Question<T> {
    T answer() throws MessagingException, IOException;
  }

  private static <T> T ask(Question<T> question) {
    try {
      return question.answer();
    } catch (MessagingException malformed) {
      throw new AssertionError(malformed);
    } catch (IOException malformed) {
      throw new UncheckedIOException(malformed);
    }
  }
}
