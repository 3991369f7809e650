package org.mailjournal.journal;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Messages that were accepted although they could not be recorded. Once the journal can be written
 * again an oddity states them, in words that are read here as well.
 *
 * @param from when the first of them was accepted; absent in oddities that do not say it
 * @param to when the last was; where the oddity does not say it, its own moment
 */
public record Unrecorded(long messages, Optional<Instant> from, Instant to) {
  private static final String STAGE = "milter";
  private static final String MOMENT = "([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z)";

  private static final Pattern WORDS =
      Pattern.compile(
          "([0-9]{1,18}) messages? (?:was|were) accepted unrecorded"
              + "(?: from "
              + MOMENT
              + " to "
              + MOMENT
              + ")?.*");

  /** One message, accepted just now. */
  public static Unrecorded one(Instant at) {
    return new Unrecorded(1, Optional.of(at), at);
  }

  /** All of both. */
  public Unrecorded and(Unrecorded other) {
    return new Unrecorded(
        messages + other.messages,
        from.flatMap(mine -> other.from.map(its -> mine.isBefore(its) ? mine : its)),
        to.isAfter(other.to) ? to : other.to);
  }

  /** What is recorded of them. */
  public Event.Oddity stated(Instant at) {
    String problem =
        messages
            + (messages == 1 ? " message was" : " messages were")
            + " accepted unrecorded"
            + from.map(first -> " from " + first + " to " + to).orElse("");
    byte[] words = problem.getBytes(StandardCharsets.UTF_8);
    return Event.Oddity.of(at, Source.MILTER, Optional.empty(), STAGE, problem, words);
  }

  /** What an event states of such messages; empty for every other event. */
  public static Optional<Unrecorded> of(Event event) {
    if (!(event instanceof Event.Oddity oddity)
        || oddity.source() != Source.MILTER
        || oddity.message().isPresent()
        || !oddity.stage().equals(STAGE)) {
      return Optional.empty();
    }
    Matcher words = WORDS.matcher(oddity.problem());
    if (!words.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new Unrecorded(
            Long.parseLong(words.group(1)),
            Optional.ofNullable(words.group(2)).map(Instant::parse),
            Optional.ofNullable(words.group(3)).map(Instant::parse).orElse(oddity.at())));
  }
}
