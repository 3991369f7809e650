package org.mailjournal.receipt;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.MessageFormat;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** The words of receipts in one language. */
final class Texts {
  /** The languages that receipts are written in, as language tags (RFC 5646). */
  static final List<String> LANGUAGES = List.of("en", "nl", "de", "fr", "it", "es");

  private final Locale locale;
  private final DateTimeFormatter day;
  private final Map<String, MessageFormat> formats;

  private Texts(Locale locale, Map<String, MessageFormat> formats) {
    this.locale = locale;
    this.day = DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG).withLocale(locale);
    this.formats = formats;
  }

  /** The words of one of {@link #LANGUAGES}. */
  static Texts of(String language) {
    // Day before month, as in Europe.
    Locale locale = language.equals("en") ? Locale.UK : Locale.forLanguageTag(language);
    Map<String, MessageFormat> formats = new HashMap<>();
    read(language)
        .forEach((key, words) -> formats.put((String) key, format((String) words, locale)));
    return new Texts(locale, formats);
  }

  private static MessageFormat format(String words, Locale locale) {
    return new MessageFormat(words, locale);
  }

  private static Properties read(String language) {
    String name = "receipt_" + language + ".properties";
    Properties properties = new Properties();
    try (InputStream stream = Texts.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalArgumentException("receipt: no texts for the language '" + language + "'");
      }
      Reader reader = new InputStreamReader(stream, StandardCharsets.UTF_8);
      properties.load(reader);
    } catch (IOException unreadable) {
      throw new UncheckedIOException("receipt: " + name + " cannot be read", unreadable);
    }
    return properties;
  }

  /** The language that one of these tags wants, if receipts are written in it. */
  static Optional<String> wanted(List<String> tags) {
    return tags.stream()
        .map(tag -> Locale.forLanguageTag(tag.strip()).getLanguage())
        .filter(LANGUAGES::contains)
        .findFirst();
  }

  /** {@code 24 November 2026}. */
  DateTimeFormatter day() {
    return day;
  }

  String language() {
    return locale.getLanguage();
  }

  /** The words of that key, with what belongs in their places. */
  String say(String key, Object... arguments) {
    MessageFormat format = formats.get(key);
    if (format == null) {
      throw new IllegalArgumentException("receipt: no text " + key + " in " + language());
    }
    // A MessageFormat serves one thread at a time.
    MessageFormat own = (MessageFormat) format.clone();
    return own.format(arguments);
  }
}
