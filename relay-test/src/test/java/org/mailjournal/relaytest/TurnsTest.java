package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsTest {
  private static Turns.SetUp gives(String name, List<String> order, Double... rates) {
    Iterator<Double> next = List.of(rates).iterator();
    return new Turns.SetUp(
        name,
        () -> {
          order.add(name);
          return next.next();
        });
  }

  @Test
  void setUpsRunInTurnAndWarmUpsCountForNothing() throws Exception {
    List<String> order = new ArrayList<>();
    List<Turns.Row> rows =
        Turns.run(
            1, 2, List.of(gives("a", order, 1.0, 10.0, 20.0), gives("b", order, 9.0, 5.0, 4.0)));
    assertEquals(List.of("a", "b", "a", "b", "a", "b"), order);
    assertEquals(List.of(10.0, 20.0), rows.get(0).rates());
    assertEquals(List.of(5.0, 4.0), rows.get(1).rates());
  }

  @Test
  void theMedianOfTheRatiosCountsNotTheRatioOfTheMedians() {
    Turns.Row first = new Turns.Row("first", List.of(100.0, 200.0, 50.0));
    Turns.Row other = new Turns.Row("other", List.of(50.0, 60.0, 45.0));
    assertEquals(List.of(0.5, 0.3, 0.9), other.ratios(first));
    assertEquals(0.5, other.ratio(first));
    assertEquals(50.0, other.perSecond());
  }
}
