package org.mailjournal.relaytest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Set-ups that are run in turn, so that what else the machine does falls on all of them; each is
 * held to the first by the median of its ratios.
 */
final class Turns {
  private Turns() {}

  /** One run, in messages a second. */
  @FunctionalInterface
  interface Run {
    double perSecond() throws IOException, InterruptedException;
  }

  /** Something that is compared. */
  record SetUp(String name, Run run) {}

  /**
   * What came of one set-up.
   *
   * @param rates messages a second in each round
   */
  record Row(String name, List<Double> rates) {
    Row {
      rates = List.copyOf(rates);
    }

    double perSecond() {
      return Figures.median(rates);
    }

    /** In each round, this rate of the other's. */
    List<Double> ratios(Row other) {
      List<Double> ratios = new ArrayList<>();
      for (int i = 0; i < rates.size(); i++) {
        ratios.add(rates.get(i) / other.rates.get(i));
      }
      return ratios;
    }

    double ratio(Row other) {
      return Figures.median(ratios(other));
    }
  }

  /** Runs them in turn; the warm-ups count for nothing. */
  static List<Row> run(int warmUps, int rounds, List<SetUp> setUps)
      throws IOException, InterruptedException {
    List<List<Double>> rates = new ArrayList<>();
    setUps.forEach(each -> rates.add(new ArrayList<>()));
    for (int round = -warmUps; round < rounds; round++) {
      for (int i = 0; i < setUps.size(); i++) {
        double rate = setUps.get(i).run().perSecond();
        if (round >= 0) {
          rates.get(i).add(rate);
        }
      }
    }
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < setUps.size(); i++) {
      rows.add(new Row(setUps.get(i).name(), rates.get(i)));
    }
    return rows;
  }

  /** One line for each of them. */
  static void print(BenchmarkSettings settings, List<Row> rows) {
    for (Row row : rows) {
      settings.print(
          "    %-52s %6.0f messages/s  %3.0f %%  rounds %s"
              .formatted(
                  row.name(),
                  row.perSecond(),
                  100 * row.ratio(rows.get(0)),
                  row.ratios(rows.get(0)).stream().map(r -> "%.0f".formatted(100 * r)).toList()));
    }
  }
}
