package org.mailjournal.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeriodTest {
  @ParameterizedTest
  @CsvSource({"30s, PT30S", "15m, PT15M", "2h, PT2H", "3d, PT72H", "1w, PT168H", "4 d, PT96H"})
  void unitsAreThoseThatPeopleWrite(String text, Duration period) {
    assertEquals(Optional.of(period), Period.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "-1h", "1.5h", "1y", "1h30m", "1000000000w", "٣d"})
  void otherFormsAreNone(String text) {
    assertEquals(Optional.empty(), Period.parse(text));
  }
}
