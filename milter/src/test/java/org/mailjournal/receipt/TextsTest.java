package org.mailjournal.receipt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mailjournal.journal.Status;

/** The six languages. */
final class TextsTest {
  private static final Pattern PLACE = Pattern.compile("\\{(\\d)");

  static Stream<String> languages() {
    return Texts.LANGUAGES.stream();
  }

  private static Properties words(String language) throws IOException {
    Properties words = new Properties();
    try (InputStreamReader reader =
        new InputStreamReader(
            Texts.class.getResourceAsStream("receipt_" + language + ".properties"),
            StandardCharsets.UTF_8)) {
      words.load(reader);
    }
    return words;
  }

  private static Set<String> places(String words) {
    return PLACE
        .matcher(words)
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @ParameterizedTest
  @MethodSource("languages")
  void everyLanguageSaysTheSameThings(String language) throws IOException {
    Properties english = words("en");
    Properties other = words(language);
    assertEquals(english.stringPropertyNames(), other.stringPropertyNames());
    for (String key : english.stringPropertyNames()) {
      assertEquals(places(english.getProperty(key)), places(other.getProperty(key)), key);
    }
  }

  @ParameterizedTest
  @MethodSource("languages")
  void noApostropheSwallowsWords(String language) throws IOException {
    words(language)
        .forEach((key, words) -> assertFalse(((String) words).contains("'"), key + "=" + words));
  }

  @ParameterizedTest
  @MethodSource("languages")
  void everyTextCanBeSaid(String language) throws IOException {
    Texts texts = Texts.of(language);
    for (String key : words(language).stringPropertyNames()) {
      for (int count : new int[] {0, 1, 2, 1000}) {
        String said = sayAny(texts, key, count);
        assertFalse(said.contains("{") || said.contains("}") || said.isBlank(), key + ": " + said);
      }
    }
  }

  private static String sayAny(Texts texts, String key, int count) {
    return texts.say(key, count, count);
  }

  @ParameterizedTest
  @MethodSource("languages")
  void everyStatusHasItsWordsInAWholeReceipt(String language) {
    for (Status status : Status.values()) {
      Facts facts = Facts.of(Facts.of(status, "bob@example.com"));
      ReadReceipt receipt = new ReadReceipt(Facts.composer(language).compose(facts.notice()));
      Texts texts = Texts.of(language);
      assertTrue(receipt.words().contains(texts.say("label." + status.word())), receipt.text());
      assertTrue(receipt.words().contains(texts.say("note." + status.word())), receipt.text());
      assertTrue(receipt.html().contains("<html lang=\"" + language + "\""));
    }
  }

  @ParameterizedTest
  @MethodSource("languages")
  void whatWasRefusedForNowHasWordsOfItsOwn(String language) {
    Facts facts =
        Facts.of(Facts.refusedForNow("bob@example.com"), Facts.relayed("eve@example.com"));
    ReadReceipt receipt = new ReadReceipt(Facts.composer(language).compose(facts.notice()));
    Texts texts = Texts.of(language);
    assertTrue(receipt.words().contains(texts.say("label.refused")), receipt.text());
    assertTrue(receipt.words().contains(texts.say("note.refused")), receipt.text());
    assertFalse(receipt.words().contains(texts.say("note.rejected")), receipt.text());
    assertTrue(receipt.subject().contains(texts.say("headline.mixed.refused", 1)));
  }

  @Test
  void pluralsAreRight() {
    assertEquals("Accepted by the receiving system", Texts.of("en").say("headline.accepted", 1));
    assertEquals("Accepted for all 2 recipients", Texts.of("en").say("headline.accepted", 2));
    assertEquals("1 wartet noch", Texts.of("de").say("headline.mixed.waiting", 1));
    assertEquals("2 warten noch", Texts.of("de").say("headline.mixed.waiting", 2));
    assertEquals("0 accepté sur 3", Texts.of("fr").say("headline.mixed", 0, 3));
    assertEquals("1 accepté sur 3", Texts.of("fr").say("headline.mixed", 1, 3));
    assertEquals("2 acceptés sur 3", Texts.of("fr").say("headline.mixed", 2, 3));
    assertEquals("2 échecs", Texts.of("fr").say("headline.mixed.failed", 2));
    assertEquals("0 su 3 accettati", Texts.of("it").say("headline.mixed", 0, 3));
    assertEquals("1 fallido", Texts.of("es").say("headline.mixed.failed", 1));
    assertEquals("één", Texts.of("nl").say("attempts", 1).replaceAll(".*(één).*", "$1"));
    assertEquals("48.213 bytes", Texts.of("nl").say("detail.size.value", 48_213));
  }

  @Test
  void momentsHaveTheirOffsetAndTheirDayWhereItIsAnother() {
    Instant seen = Instant.parse("2026-11-24T22:59:00Z");
    Moments moments = new Moments(Texts.of("en"), Facts.ZONE, seen);
    assertEquals("at 23:59:30 UTC+01:00", moments.beside(seen.plusSeconds(30)));
    assertEquals("on 25 November 2026 at 00:00:30 UTC+01:00", moments.beside(seen.plusSeconds(90)));
    Moments german = new Moments(Texts.of("de"), Facts.ZONE, seen);
    assertEquals("am 24. November 2026 um 23:59:00 UTC+01:00", german.full(seen));
    Moments summer = new Moments(Texts.of("es"), Facts.ZONE, seen);
    assertEquals(
        "el 1 de julio de 2026 a las 12:00:00 UTC+02:00",
        summer.beside(Instant.parse("2026-07-01T10:00:00Z")));
  }

  @Test
  void theMessagesOwnLanguageIsTakenUnlessTheSettingsNameOne() {
    Facts facts = Facts.of(Facts.relayed("bob@example.com")).languages("pt-BR", "de-AT", "fr");
    assertTrue(ReadReceipt.of(facts).subject().startsWith("Vom empfangenden System angenommen: "));
    ReadReceipt dutch = new ReadReceipt(Facts.composer("nl").compose(facts.notice()));
    assertTrue(dutch.subject().startsWith("Aangenomen door het ontvangende systeem: "));
    assertEquals(Optional.empty(), Texts.wanted(List.of("", "x", "tlh", "\u0000")));
  }
}
