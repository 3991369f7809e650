package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TrendTest {
  private static Trend of(double... everyMinute) {
    Trend trend = new Trend();
    for (int i = 0; i < everyMinute.length; i++) {
      trend.add(Duration.ofMinutes(i), everyMinute[i]);
    }
    return trend;
  }

  @Test
  void theSlopeIsThatOfTheLineThroughTheSamples() {
    assertEquals(60, of(100, 101, 102, 103).perHour(), 1e-6);
    assertEquals(-60, of(103, 102, 101, 100).perHour(), 1e-6);
  }

  @Test
  void noiseAroundALevelIsFlat() {
    assertTrue(of(100, 100.05, 100, 100.05, 100).isFlat());
  }

  @Test
  void aLeakIsNotFlat() {
    assertFalse(of(100, 100, 101, 101, 102, 102).isFlat());
  }

  @Test
  void whatFallsIsFlat() {
    assertTrue(of(103, 102, 101, 100).isFlat());
  }

  @Test
  void firstLastAndHighestAreThoseOfTheSamples() {
    Trend trend = of(3, 7, 5);
    assertEquals(3, trend.first());
    assertEquals(5, trend.last());
    assertEquals(7, trend.highest());
  }
}
