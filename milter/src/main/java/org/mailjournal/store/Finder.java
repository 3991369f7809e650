package org.mailjournal.store;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.Query;

/**
 * Answers a query: the condition that the fewest messages meet names the candidates, newest first;
 * the derived tables rule out those that miss another condition; each that is left is read and
 * tested.
 */
final class Finder {
  /** Beyond so many rows one condition is as bad as another. */
  private static final int MANY = 1000;

  private static final int FIRST_PAGE = 64;
  private static final int LAST_PAGE = 4096;

  private final Sql sql;
  private final Hash hash;
  private final Messages messages;
  private final Messages.Damaged damaged;

  Finder(Readers.Session session) {
    this(session, Messages.REFUSED);
  }

  Finder(Readers.Session session, Messages.Damaged damaged) {
    this.damaged = damaged;
    this.sql = session.sql();
    this.hash = session.loader().hash();
    this.messages = new Messages(session, damaged);
  }

  List<MessageState> find(Query query) throws SQLException {
    Instant since = query.since().orElse(Instant.MIN);
    Instant until = query.until().orElse(Instant.MAX);
    return find(Lookup.of(query), since, until, query.limit());
  }

  List<MessageState> find(List<Lookup> lookups, Instant since, Instant until, int limit)
      throws SQLException {
    Candidates candidates = candidates(lookups);
    long from = MessageNumber.first(since);
    long below = MessageNumber.first(until) + MessageNumber.SPILL;
    List<MessageState> found = new ArrayList<>();
    int size = FIRST_PAGE;
    List<Long> page;
    do {
      page = candidates.page(from, below, size);
      for (long number : page) {
        below = number;
        whole(number)
            .filter(whole -> isBetween(whole.state().key().receivedAt(), since, until))
            .filter(whole -> lookups.stream().allMatch(lookup -> lookup.matches(whole)))
            .ifPresent(whole -> found.add(whole.state()));
        if (found.size() == limit) {
          return newestFirst(found);
        }
      }
      boolean isLast = page.size() < size;
      size = Math.min(2 * size, LAST_PAGE);
      if (isLast) {
        return newestFirst(found);
      }
    } while (true);
  }

  private Optional<Messages.Whole> whole(long number) throws SQLException {
    try {
      return messages.whole(number);
    } catch (MalformedBody damage) {
      damaged.met(number, damage);
      return Optional.empty();
    }
  }

  private static boolean isBetween(Instant moment, Instant since, Instant until) {
    return !moment.isBefore(since) && moment.isBefore(until);
  }

  /** Numbers are in order of time already, but for those that spilled out of their millisecond. */
  private static List<MessageState> newestFirst(List<MessageState> found) {
    found.sort(
        (MessageState a, MessageState b) -> b.key().receivedAt().compareTo(a.key().receivedAt()));
    return found;
  }

  private Candidates candidates(List<Lookup> lookups) throws SQLException {
    List<List<Lookup.Rows>> conditions = new ArrayList<>();
    for (Lookup lookup : lookups) {
      conditions.add(lookup.rows(hash));
    }
    if (conditions.isEmpty()) {
      return new Candidates(List.of(), List.of());
    }
    List<Lookup.Rows> fewest = conditions.get(0);
    long least = Long.MAX_VALUE;
    for (List<Lookup.Rows> condition : conditions) {
      long count = conditions.size() == 1 ? 0 : count(condition);
      if (count < least) {
        fewest = condition;
        least = count;
      }
    }
    conditions.remove(fewest);
    return new Candidates(fewest, conditions);
  }

  private long count(List<Lookup.Rows> condition) throws SQLException {
    long count = 0;
    for (Lookup.Rows rows : condition) {
      count +=
          sql.number(
                  "SELECT count(*) FROM (SELECT 1 FROM "
                      + rows.table()
                      + " WHERE "
                      + rows.column()
                      + " = ? LIMIT "
                      + MANY
                      + ")",
                  rows.value())
              .orElse(0);
    }
    return count;
  }

  /** Numbers of messages that have one row of the first condition and of each other one. */
  private final class Candidates {
    private final String query;
    private final List<Object> values = new ArrayList<>();
    private final List<Integer> bounds = new ArrayList<>();

    private Candidates(List<Lookup.Rows> first, List<List<Lookup.Rows>> others) {
      if (first.isEmpty()) {
        query =
            "SELECT DISTINCT message FROM event WHERE message >= ? AND message < ? ORDER BY message"
                + " DESC LIMIT ?";
        addBounds();
        return;
      }
      List<String> parts = new ArrayList<>();
      for (Lookup.Rows rows : first) {
        StringBuilder part = new StringBuilder("SELECT message FROM (SELECT message FROM ");
        part.append(rows.table()).append(" AS m WHERE ").append(rows.column()).append(" = ?");
        values.add(rows.value());
        for (List<Lookup.Rows> other : others) {
          part.append(" AND (").append(anyOf(other)).append(')');
        }
        part.append(" AND message >= ? AND message < ? ORDER BY message DESC LIMIT ?)");
        addBounds();
        parts.add(part.toString());
      }
      query = String.join(" UNION ", parts) + " ORDER BY message DESC LIMIT ?";
      bounds.add(values.size());
      values.add(null);
    }

    private String anyOf(List<Lookup.Rows> condition) {
      condition.forEach(rows -> values.add(rows.value()));
      return condition.stream()
          .map(
              rows ->
                  "EXISTS (SELECT 1 FROM "
                      + rows.table()
                      + " AS o WHERE o."
                      + rows.column()
                      + " = ? AND o.message = m.message)")
          .collect(Collectors.joining(" OR "));
    }

    private void addBounds() {
      for (int i = 0; i < 3; i++) {
        bounds.add(values.size());
        values.add(null);
      }
    }

    private List<Long> page(long from, long below, int size) throws SQLException {
      Object[] bound = {from, below, size};
      for (int i = 0; i < bounds.size(); i++) {
        boolean isLastLimit = i == bounds.size() - 1;
        values.set(bounds.get(i), isLastLimit ? size : bound[i % 3]);
      }
      return sql.numbers(query, values.toArray());
    }
  }
}
