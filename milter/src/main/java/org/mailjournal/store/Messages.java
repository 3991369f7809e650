package org.mailjournal.store;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.Reduction;
import org.mailjournal.journal.Status;

/** Messages as they are at present, by their numbers. */
final class Messages {
  /** A chain is as long as a message has hops on one machine; more is a loop. */
  private static final int LONGEST_CHAIN = 1000;

  private final Sql sql;
  private final Loader loader;
  private final Damaged damaged;

  Messages(Readers.Session session) {
    this(session, REFUSED);
  }

  /**
   * The same.
   *
   * @param damaged told of hops of a message that cannot be read
   */
  Messages(Readers.Session session, Damaged damaged) {
    this.damaged = damaged;
    this.sql = session.sql();
    this.loader = session.loader();
  }

  /** What becomes of a question that meets a message which cannot be read. */
  interface Damaged {
    void met(long number, MalformedBody damage);
  }

  /** It has no answer. */
  static final Damaged REFUSED =
      (number, damage) -> {
        throw damage;
      };

  /** A message, and the queue ids that far sides gave it, whatever became of it later. */
  record Whole(MessageState state, Set<String> remoteQueueIds) {}

  /** Empty when the message was never received, or is no more, or about to be no more. */
  Optional<Whole> whole(long number) throws SQLException {
    if (number == loader.going()) {
      return Optional.empty();
    }
    Reduction reduction = new Reduction();
    Set<String> remoteQueueIds = new HashSet<>();
    loader.each(
        number,
        recorded -> {
          reduction.apply(recorded.event());
          if (recorded.event() instanceof Event.Outcome outcome) {
            outcome.remoteQueueId().ifPresent(remoteQueueIds::add);
          }
        });
    Optional<MessageState> state = reduction.state();
    if (state.isEmpty()) {
      return Optional.empty();
    }
    List<MessageKey> previous = new ArrayList<>();
    for (long hop : previous(number)) {
      key(hop).ifPresent(previous::add);
    }
    return Optional.of(new Whole(state.get().withPrevious(previous), remoteQueueIds));
  }

  private Optional<MessageKey> key(long hop) throws SQLException {
    try {
      return loader.key(hop);
    } catch (MalformedBody damage) {
      damaged.met(hop, damage);
      return Optional.empty();
    }
  }

  Optional<MessageState> state(long number) throws SQLException {
    return whole(number).map(Whole::state);
  }

  private List<Long> previous(long number) throws SQLException {
    return sql.numbers(
        "SELECT previous FROM hop WHERE message = ? AND previous > ? ORDER BY previous DESC",
        number,
        Hops.GONE);
  }

  List<MessageState> chain(MessageKey key) throws SQLException {
    OptionalLong start = loader.number(key);
    TreeSet<Long> seen = new TreeSet<>();
    Deque<Long> ahead = new ArrayDeque<>();
    start.ifPresent(ahead::add);
    while (!ahead.isEmpty() && seen.size() < LONGEST_CHAIN) {
      long number = ahead.remove();
      if (seen.add(number)) {
        ahead.addAll(previous(number));
        ahead.addAll(sql.numbers("SELECT message FROM hop WHERE previous = ?", number));
      }
    }
    List<MessageState> chain = new ArrayList<>();
    for (long number : seen) {
      state(number).ifPresent(chain::add);
    }
    return chain;
  }

  List<MessageState> unfinished(
      Instant receivedBefore, Optional<MessageKey> after, int limit, Consumer<String> unreadable)
      throws SQLException {
    long from = Long.MIN_VALUE;
    if (after.isPresent()) {
      from = loader.number(after.get()).orElse(MessageNumber.first(after.get().receivedAt()));
    }
    long to = MessageNumber.first(receivedBefore) + MessageNumber.SPILL;
    List<MessageState> found = new ArrayList<>();
    List<Long> page;
    do {
      page = openBetween(from, to, limit);
      for (long number : page) {
        from = number;
        readable(number, unreadable)
            .filter(state -> state.key().receivedAt().isBefore(receivedBefore))
            .ifPresent(found::add);
        if (found.size() == limit) {
          return found;
        }
      }
    } while (page.size() == limit);
    return found;
  }

  private Optional<MessageState> readable(long number, Consumer<String> unreadable)
      throws SQLException {
    try {
      return state(number);
    } catch (MalformedBody e) {
      unreadable.accept(words(number, e));
      return Optional.empty();
    }
  }

  static String words(long number, MalformedBody damage) {
    Instant about = Instant.ofEpochMilli(MessageNumber.milliseconds(number));
    return "a message of " + about + ": " + damage.getMessage();
  }

  private List<Long> openBetween(long from, long to, int limit) throws SQLException {
    String open =
        "SELECT message FROM (SELECT message FROM status WHERE status = ? AND message > ? AND"
            + " message < ? ORDER BY message LIMIT ?)";
    return sql.numbers(
        open + " UNION " + open + " ORDER BY message LIMIT ?",
        Codes.of(Status.QUEUED),
        from,
        to,
        limit,
        Codes.of(Status.DELAYED),
        from,
        to,
        limit,
        limit);
  }
}
