package org.mailjournal.relaytest;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.InternetHeaders;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeUtility;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What programs read in a receipt that came to a sender's mailbox. */
record ReceiptMail(List<Row> rows, List<Told> told) {
  /**
   * A recipient in the part after RFC 3464.
   *
   * @param status our word
   */
  record Row(String recipient, String action, String status) {}

  /** An outcome among the events of its evidence, its reply as it came. */
  record Told(String kind, String recipient, Optional<String> reply, Optional<String> reason) {
    static Optional<Told> of(JournalEntry.News news) {
      return news.recipient().map(r -> new Told(news.kind(), r, news.reply(), news.reason()));
    }
  }

  static ReceiptMail of(Exchanger.Received mail) {
    try {
      MimeMessage message =
          new MimeMessage(null, new ByteArrayInputStream(mail.content().toArray()));
      return new ReceiptMail(
          rows(part(message, "delivery-status").orElseThrow()),
          told(part(message, "application/json").orElseThrow()));
    } catch (MessagingException unreadable) {
      throw new AssertionError(unreadable);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Part> part(Part in, String type) throws MessagingException, IOException {
    if (in.isMimeType("multipart/*")) {
      Multipart parts = (Multipart) in.getContent();
      for (int i = 0; i < parts.getCount(); i++) {
        Optional<Part> found = part(parts.getBodyPart(i), type);
        if (found.isPresent()) {
          return found;
        }
      }
      return Optional.empty();
    }
    return in.getContentType().contains(type) ? Optional.of(in) : Optional.empty();
  }

  /** Angus Mail knows no encoding of a message/…, which RFC 6533 section 3 permits. */
  private static InputStream decoded(MimeBodyPart part) throws MessagingException {
    String encoding = part.getHeader("Content-Transfer-Encoding", null);
    InputStream raw = part.getRawInputStream();
    return encoding == null ? raw : MimeUtility.decode(raw, encoding);
  }

  private static List<Row> rows(Part status) throws MessagingException, IOException {
    List<Row> rows = new ArrayList<>();
    try (InputStream in = new BufferedInputStream(decoded((MimeBodyPart) status))) {
      InternetHeaders ofTheMessage = new InternetHeaders(in, true);
      if (ofTheMessage.getHeader("Reporting-MTA") == null) {
        throw new AssertionError("no Reporting-MTA");
      }
      while (in.available() > 0) {
        InternetHeaders group = new InternetHeaders(in, true);
        String recipient = group.getHeader("Final-Recipient", null);
        rows.add(
            new Row(
                recipient.substring(recipient.indexOf(';') + 1).strip(),
                group.getHeader("Action", null),
                group.getHeader("X-Mail-Journal-Status", null)));
      }
    }
    return rows;
  }

  private static List<Told> told(Part evidence) throws MessagingException, IOException {
    String json;
    try (InputStream in = evidence.getInputStream()) {
      json = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    return JournalEntry.newsIn(
            ConfigFactory.parseString(
                json, ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON)))
        .stream()
        .flatMap(news -> Told.of(news).stream())
        .toList();
  }
}
