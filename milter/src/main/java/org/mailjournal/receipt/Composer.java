package org.mailjournal.receipt;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.mailjournal.journal.Address;

/** Writes receipts as complete messages (RFC 5322). Threads may share one. */
final class Composer {
  private static final Pattern VERSION = Pattern.compile("(?im)^MIME-Version:");

  private final Settings settings;
  private final UnaryOperator<byte[]> sign;
  private final Map<String, Texts> texts = new HashMap<>();
  private final ViewWriter views;
  private final HtmlPart html = new HtmlPart();
  private final DeliveryStatus deliveryStatus;
  private final TopFields top;

  /**
   * A composer.
   *
   * @param sign from a MIME entity (its header fields, an empty line, its body, all with CRLF) to
   *     the entity that is sent in its place, in the same form, with or without MIME-Version
   */
  Composer(Settings settings, UnaryOperator<byte[]> sign) {
    this.settings = settings;
    this.sign = sign;
    Texts.LANGUAGES.forEach(language -> texts.put(language, Texts.of(language)));
    views = new ViewWriter(settings.reportingMta(), settings.zone());
    deliveryStatus = new DeliveryStatus(settings.zone());
    top = new TopFields(settings);
  }

  /**
   * What stays the same from receipt to receipt.
   *
   * @param from the address of From
   * @param name the display name of From; may be empty
   * @param reportingMta this MTA's host name, the right part of Message-IDs as well
   * @param language one of {@link Texts#LANGUAGES}, or {@code auto}: what the message's
   *     Content-Language wants, else English
   * @param returned what of the original is shown
   */
  record Settings(
      Address from,
      String name,
      String reportingMta,
      String language,
      ZoneId zone,
      Returned returned) {
    /** The value of {@link #language} that leaves it to the message. */
    static final String AUTO = "auto";

    Settings {
      if (!language.equals(AUTO) && !Texts.LANGUAGES.contains(language)) {
        throw new IllegalArgumentException(
            "receipt: language: expected auto or one of "
                + String.join(", ", Texts.LANGUAGES)
                + ", got '"
                + language
                + "'");
      }
    }
  }

  /** What of the original message a receipt returns. */
  enum Returned {
    /** The whole header section, as it came. */
    HEADERS,
    /** The fields by which the sender knows the message. */
    FIELDS,
    NONE
  }

  /** The receipt, with CRLF, ready to be sent with the null reverse-path. */
  byte[] compose(Notice notice) {
    OriginalHeader original =
        notice.originalHeader().map(OriginalHeader::of).orElse(OriginalHeader.NONE);
    Texts words = texts.get(languageOf(notice));
    View view = views.view(notice, original.subject(), words);
    byte[] entity = sign.apply(report(notice, original, view).toBytes());
    ByteArrayOutputStream message = new ByteArrayOutputStream(entity.length + 1024);
    Fields fields = top.of(notice, original, view);
    if (!hasVersion(entity)) {
      fields.add("MIME-Version", "1.0");
    }
    message.writeBytes(fields.toBytes());
    message.writeBytes(entity);
    return message.toByteArray();
  }

  /** RFC 2045 section 4 has the field once, and a signer may bring it. */
  private static boolean hasVersion(byte[] entity) {
    String text = new String(entity, 0, Math.min(entity.length, 4096), StandardCharsets.ISO_8859_1);
    return VERSION.matcher(text.substring(0, Math.max(0, text.indexOf("\r\n\r\n")))).find();
  }

  private String languageOf(Notice notice) {
    if (!settings.language().equals(Settings.AUTO)) {
      return settings.language();
    }
    return Texts.wanted(notice.contentLanguages()).orElse(Texts.LANGUAGES.get(0));
  }

  private Entity report(Notice notice, OriginalHeader original, View view) {
    List<Entity> parts = new ArrayList<>();
    parts.add(forPeople(notice, view));
    parts.add(deliveryStatus.of(notice));
    returned(original).ifPresent(parts::add);
    return Entity.multipart("multipart/report; report-type=delivery-status", parts);
  }

  /**
   * RFC 6522 section 3 has two or three parts in a report, and gives the first one the room for
   * what cannot be easily put into the second: so the evidence stands there.
   */
  private Entity forPeople(Notice notice, View view) {
    String language = view.texts().language();
    Entity alternative =
        Entity.multipart(
            "multipart/alternative",
            List.of(
                Entity.text("text/plain", language, TextPart.of(view)),
                Entity.text("text/html", language, html.of(view))));
    return notice
        .evidence()
        .map(evidence -> Entity.file("application/json", "evidence.json", evidence))
        .map(file -> Entity.multipart("multipart/mixed", List.of(alternative, file)))
        .orElse(alternative);
  }

  private Optional<Entity> returned(OriginalHeader original) {
    byte[] lines =
        switch (settings.returned()) {
          case HEADERS -> original.all();
          case FIELDS -> original.telling();
          case NONE -> new byte[0];
        };
    if (lines.length == 0) {
      return Optional.empty();
    }
    return Optional.of(Entity.lines(OriginalHeader.typeOf(lines), lines));
  }
}
