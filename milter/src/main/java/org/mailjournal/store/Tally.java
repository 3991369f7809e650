package org.mailjournal.store;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.RecipientState;
import org.mailjournal.journal.Reduction;
import org.mailjournal.journal.Statistics;
import org.mailjournal.journal.Status;

/** Counts what was received since a moment, message by message, in bounded memory. */
final class Tally {
  private static final int PAGE = 1000;
  private static final int EXCHANGERS = 10;

  private final Readers.Session session;
  private final Instant since;
  private final Messages.Damaged damaged;
  private final Map<Status, Long> recipients = new EnumMap<>(Status.class);
  private final Map<String, long[]> exchangers = new HashMap<>();
  private final Sample delays = new Sample();
  private long messages;

  Tally(Readers.Session session, Instant since, Messages.Damaged damaged) {
    this.session = session;
    this.since = since;
    this.damaged = damaged;
    for (Status status : Status.values()) {
      recipients.put(status, 0L);
    }
  }

  Statistics statistics() throws SQLException {
    long last = MessageNumber.first(since) - 1;
    List<Long> page;
    do {
      page =
          session
              .sql()
              .numbers(
                  "SELECT DISTINCT message FROM event WHERE message > ? ORDER BY message LIMIT "
                      + PAGE,
                  last);
      for (long number : page) {
        try {
          add(number);
        } catch (MalformedBody damage) {
          damaged.met(number, damage);
        }
        last = number;
      }
    } while (page.size() == PAGE);
    long oddities =
        session.sql().number("SELECT count(*) FROM oddity WHERE at >= ?", clamped(since)).orElse(0);
    return new Statistics(since, messages, recipients, oddities, delays.delay(), busiest());
  }

  private static long clamped(Instant moment) {
    return MessageNumber.milliseconds(MessageNumber.first(moment));
  }

  private void add(long number) throws SQLException {
    if (number == session.loader().going()) {
      return;
    }
    Reduction reduction = new Reduction();
    Map<String, long[]> said = new HashMap<>();
    session
        .loader()
        .each(
            number,
            recorded -> {
              reduction.apply(recorded.event());
              if (recorded.event() instanceof Event.Outcome outcome) {
                count(outcome, said);
              }
            });
    Optional<MessageState> state = reduction.state();
    if (state.isEmpty() || state.get().key().receivedAt().isBefore(since)) {
      return;
    }
    messages++;
    for (RecipientState recipient : state.get().recipients()) {
      recipients.merge(recipient.status(), 1L, Long::sum);
      if (recipient.status() == Status.RELAYED || recipient.status() == Status.DELIVERED) {
        delays.add(Duration.between(state.get().key().receivedAt(), recipient.at()).toMillis());
      }
    }
    said.forEach((mta, counts) -> exchangers.merge(mta, counts, Tally::sum));
  }

  private static long[] sum(long[] one, long[] other) {
    return new long[] {one[0] + other[0], one[1] + other[1], one[2] + other[2]};
  }

  /** What an exchanger said counts each time that it said it. */
  private static void count(Event.Outcome outcome, Map<String, long[]> said) {
    int place =
        switch (outcome.status()) {
          case RELAYED -> 0;
          case DELAYED -> 1;
          case FAILED -> 2;
          default -> -1;
        };
    if (place >= 0 && outcome.remote().mta().isPresent()) {
      said.computeIfAbsent(outcome.remote().mta().get(), mta -> new long[3])[place]++;
    }
  }

  private List<Statistics.Exchanger> busiest() {
    return exchangers.entrySet().stream()
        .sorted(
            Comparator.comparing(
                    (Map.Entry<String, long[]> e) -> -Arrays.stream(e.getValue()).sum())
                .thenComparing(Map.Entry::getKey))
        .limit(EXCHANGERS)
        .map(
            e ->
                new Statistics.Exchanger(
                    e.getKey(), e.getValue()[0], e.getValue()[1], e.getValue()[2]))
        .toList();
  }

  /** Exact up to its size; from there on a fair sample. */
  private static final class Sample {
    private static final int SIZE = 1 << 16;

    private final SplittableRandom random = new SplittableRandom(0);
    private long[] kept = new long[64];
    private long count;
    private long longest;

    private void add(long milliseconds) {
      long value = Math.max(0, milliseconds);
      longest = Math.max(longest, value);
      if (count < SIZE) {
        if (count == kept.length) {
          kept = Arrays.copyOf(kept, 2 * kept.length);
        }
        kept[(int) count] = value;
      } else {
        long place = random.nextLong(count + 1);
        if (place < SIZE) {
          kept[(int) place] = value;
        }
      }
      count++;
    }

    private Optional<Statistics.Delay> delay() {
      if (count == 0) {
        return Optional.empty();
      }
      long[] sorted = Arrays.copyOf(kept, (int) Math.min(count, SIZE));
      Arrays.sort(sorted);
      return Optional.of(
          new Statistics.Delay(at(sorted, 0.50), at(sorted, 0.95), Duration.ofMillis(longest)));
    }

    private static Duration at(long[] sorted, double part) {
      int place = (int) Math.ceil(part * sorted.length) - 1;
      return Duration.ofMillis(sorted[Math.max(0, place)]);
    }
  }
}
