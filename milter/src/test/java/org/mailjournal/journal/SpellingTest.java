package org.mailjournal.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SpellingTest {
  private static final String EIGHT = " ".repeat(8);

  private static String spelt(String data) {
    StringBuilder plain = new StringBuilder();
    data.codePoints().forEach(c -> Spelling.append(plain, c));
    return plain.toString();
  }

  /** Nobody sees a variation selector, and a terminal leaves no room for it. */
  @ParameterizedTest
  @ValueSource(strings = {"", "\ufe0f", "\u180b", "\u0301", "\u20dd", "\ufe0f\ufe00"})
  void whatHasNoWidthHidesNoBlanks(String mark) {
    assertEquals(EIGHT + mark + "\\x20" + EIGHT + "x", spelt(EIGHT + mark + " " + EIGHT + "x"));
    assertEquals(
        (" " + mark).repeat(8) + "\\u3000" + mark + "x",
        spelt((" " + mark).repeat(8) + "\u3000" + mark + "x"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Zo\u0308e",
        "\u05d3\u05d5\u05d3 \u05dc\u05d5\u05d9",
        "\u0939\u093f\u0928\u094d\u0926\u0940",
        "\u2764\ufe0f",
        "\u5c71\u7530\u3000\u592a\u90ce",
        "10\u00a0000"
      })
  void whatPeopleWriteStaysAsItIs(String text) {
    assertEquals(text, spelt(text));
  }
}
