package org.mailjournal.cli;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.mailjournal.journal.JsonWriter;
import org.mailjournal.journal.Statistics;
import org.mailjournal.journal.Statistics.Delay;
import org.mailjournal.journal.Statistics.Exchanger;
import org.mailjournal.journal.Status;
import org.mailjournal.journal.Unrecorded;

/** Counts, for people and for programs. */
final class StatsText {
  private final Times times;
  private final Style style;

  StatsText(Times times, Style style) {
    this.times = times;
    this.style = style;
  }

  static String json(Statistics statistics, List<Unrecorded> unrecorded, Optional<Instant> since) {
    return JsonWriter.object(
        json -> {
          since.ifPresent(s -> json.field("since", s));
          json.field("messages", statistics.messages());
          json.object("recipients", inner -> recipients(inner, statistics));
          json.field("oddities", statistics.oddities());
          json.field("unrecorded", unrecorded.stream().mapToLong(Unrecorded::messages).sum());
          statistics.delay().ifPresent(delay -> json.object("delay", d -> delay(d, delay)));
          json.objects("exchangers", statistics.exchangers(), StatsText::exchanger);
        });
  }

  private static void recipients(JsonWriter json, Statistics statistics) {
    for (Status status : Status.values()) {
      json.field(status.word(), statistics.recipients().getOrDefault(status, 0L));
    }
  }

  private static void delay(JsonWriter json, Delay delay) {
    json.field("p50_ms", delay.p50().toMillis())
        .field("p95_ms", delay.p95().toMillis())
        .field("max_ms", delay.max().toMillis());
  }

  private static void exchanger(JsonWriter json, Exchanger exchanger) {
    json.field("mta", exchanger.mta())
        .field("relayed", exchanger.relayed())
        .field("delayed", exchanger.delayed())
        .field("failed", exchanger.failed());
  }

  String of(Statistics statistics, List<Unrecorded> unrecorded, Optional<Instant> since) {
    StringBuilder text = new StringBuilder();
    text.append(since.map(s -> "Received since " + times.full(s)).orElse("In the whole journal"))
        .append(": ")
        .append(Words.count(statistics.messages(), "message"))
        .append("\n\n")
        .append(style.bold("Recipients"))
        .append('\n');
    for (Status status : Status.values()) {
      long count = statistics.recipients().getOrDefault(status, 0L);
      text.append("  ")
          .append(style.status(status, Plain.padded(status.word(), 10)))
          .append(right(count, 10))
          .append('\n');
    }
    if (statistics.oddities() > 0) {
      text.append('\n')
          .append(statistics.oddities() == 1 ? "1 oddity" : statistics.oddities() + " oddities")
          .append(" recorded: something could not be read, matched or trusted\n")
          .append("  'journal tail --since T' prints them, 'journal show' those of one message\n");
    }
    if (!unrecorded.isEmpty()) {
      text.append('\n').append(new GapsText(times).unrecorded(unrecorded));
    }
    statistics.delay().ifPresent(delay -> delay(text, delay));
    if (!statistics.exchangers().isEmpty()) {
      exchangers(text, statistics);
    }
    return text.toString();
  }

  private void delay(StringBuilder text, Delay delay) {
    text.append('\n')
        .append(style.bold("From reception to relayed or delivered"))
        .append("\n  half within ")
        .append(Words.within(delay.p50()))
        .append(", 95 % within ")
        .append(Words.within(delay.p95()))
        .append(", all within ")
        .append(Words.within(delay.max()))
        .append('\n');
  }

  private void exchangers(StringBuilder text, Statistics statistics) {
    int width =
        statistics.exchangers().stream()
            .mapToInt(e -> Plain.width(Plain.text(e.mta())))
            .max()
            .orElse(0);
    width = Math.max(width, "Busiest exchangers".length());
    text.append('\n')
        .append(style.bold(Plain.padded("Busiest exchangers", width + 2)))
        .append(String.format(" %9s %9s %9s", "relayed", "delayed", "failed"))
        .append('\n');
    for (Exchanger exchanger : statistics.exchangers()) {
      String name = Plain.padded(Plain.text(exchanger.mta()), width);
      text.append(
          String.format(
              "  %s %9s %9s %9s\n",
              name, exchanger.relayed(), exchanger.delayed(), exchanger.failed()));
    }
  }

  private static String right(long number, int width) {
    return " ".repeat(Math.max(0, width - Long.toString(number).length())) + number;
  }
}
