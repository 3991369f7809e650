package org.mailjournal.store;

import java.sql.SQLException;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.ReceiptEvent;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.Status;

/**
 * Keeps the tables that are made of events. They hold numbers only: what is found through them is
 * read from the events and compared there. The same code fills them as events come, anew in a
 * rebuild, and in a scratch schema when the journal is verified.
 *
 * <pre>
 * lookup  hash of a queue id, remote queue id, Message-ID's left part or address → message
 * status  status that a recipient of the message has at present → message
 * hop     message → message that it became next ({@link Hops})
 * run     sequence numbers of started and stopped
 * oddity  sequence numbers of oddities, and their moments
 * receipt messages whose sender waits for a receipt
 * </pre>
 */
final class Derived {
  static final List<String> TABLES = List.of("lookup", "status", "hop", "run", "oddity", "receipt");

  /** Those whose rows name a message. */
  static final Set<String> TABLES_OF_MESSAGES = Set.of("lookup", "status", "hop", "receipt");

  private final Sql sql;
  private final Hash hash;
  private final String schema;
  private final LookupTable lookups;
  private final Hops hops;

  private Derived(Sql sql, Loader loader, String schema, LookupTable lookups, boolean isAnew) {
    this.sql = sql;
    this.hash = loader.hash();
    this.schema = schema + ".";
    this.lookups = lookups;
    this.hops = new Hops(sql, loader, schema, lookups, isAnew);
  }

  /** What is made anew, from events that are stored; all of it is there behind {@link #settle}. */
  static Derived anew(Sql sql, Loader loader, String schema) {
    return new Derived(sql, loader, schema, LookupTable.anew(sql, schema), true);
  }

  /** What is made as events come. */
  static Derived asEventsCome(Sql sql, Loader loader) {
    return new Derived(sql, loader, "main", LookupTable.asEventsCome(sql), false);
  }

  /** Behind the last event. */
  void settle() throws SQLException {
    lookups.settle();
  }

  Hops hops() {
    return hops;
  }

  /** Rows are kept in the key alone (WITHOUT ROWID): a table beside its index would cost double. */
  static List<String> schema(String schema) {
    String create = "CREATE TABLE " + schema + ".";
    return List.of(
        create
            + "lookup (hash INTEGER, message INTEGER, PRIMARY KEY (hash, message)) WITHOUT ROWID",
        create
            + "status (status INTEGER, message INTEGER, PRIMARY KEY (status, message))"
            + " WITHOUT ROWID",
        create
            + "hop (previous INTEGER, message INTEGER, PRIMARY KEY (previous, message))"
            + " WITHOUT ROWID",
        "CREATE INDEX " + schema + ".hop_back ON hop (message)",
        create + "run (sequence INTEGER PRIMARY KEY)",
        create + "oddity (sequence INTEGER PRIMARY KEY, at INTEGER NOT NULL)",
        create + "receipt (message INTEGER PRIMARY KEY)");
  }

  void clear() throws SQLException {
    for (String table : TABLES) {
      if (!table.equals("hop")) {
        sql.execute("DELETE FROM " + schema + table);
      }
    }
    hops.clear();
  }

  /** Takes in an event without a message. */
  void apply(long sequence, Event event) throws SQLException {
    if (event instanceof Event.Started || event instanceof Event.Stopped) {
      sql.update("INSERT OR IGNORE INTO " + schema + "run VALUES (?)", sequence);
    } else if (event instanceof Event.Oddity) {
      sql.update(
          "INSERT OR IGNORE INTO " + schema + "oddity VALUES (?, ?)",
          sequence,
          event.at().toEpochMilli());
    }
  }

  /**
   * Takes in an event of a message.
   *
   * @param isFirst whether nothing was known of the message
   * @param fates of its recipients before the event, after it when this returns
   */
  void apply(long sequence, long message, Event event, boolean isFirst, Fates fates)
      throws SQLException {
    Set<Status> before = fates.statuses();
    boolean hasNewRecipient = fates.apply(event);
    for (int entry : entries(event, isFirst, hasNewRecipient)) {
      lookups.add(entry, message);
    }
    if (event instanceof Event.Received received) {
      hops.link(message, received);
    }
    if (event instanceof ReceiptEvent receipt) {
      await(message, receipt);
    }
    apply(sequence, event);
    changeStatuses(message, before, fates.statuses());
  }

  private void await(long message, ReceiptEvent event) throws SQLException {
    if (event.isLast()) {
      sql.update("DELETE FROM " + schema + "receipt WHERE message = ?", message);
    } else if (event instanceof ReceiptEvent.Wanted) {
      sql.update("INSERT OR IGNORE INTO " + schema + "receipt VALUES (?)", message);
    }
  }

  /** All that an event can have brought into the table of look-ups. */
  Set<Integer> entries(Event event) {
    return entries(event, true, true);
  }

  /** Takes out what leads to a message by its own names and its state. */
  void hide(MessageKey key, long message) throws SQLException {
    removeEntry(hash.queueId(key.queueId().text()), message);
    for (Status status : Status.values()) {
      sql.update(
          "DELETE FROM " + schema + "status WHERE status = ? AND message = ?",
          Codes.of(status),
          message);
    }
  }

  void removeEntry(int entry, long message) throws SQLException {
    lookups.remove(entry, message);
  }

  /** Takes out what stands under an event's own number. */
  void removeOddity(long sequence) throws SQLException {
    sql.update("DELETE FROM " + schema + "oddity WHERE sequence = ?", sequence);
  }

  private Set<Integer> entries(Event event, boolean isFirst, boolean hasNewRecipient) {
    Set<Integer> entries = new HashSet<>();
    if (isFirst) {
      entries.add(hash.queueId(event.about().orElseThrow().queueId().text()));
    }
    if (event instanceof Event.Received received) {
      received.messageId().ifPresent(id -> entries.add(hash.messageId(id.left())));
      entries.add(hash.sender(received.sender()));
      received.accepted().forEach(accepted -> addRecipient(accepted.recipient(), entries));
      received.rejected().forEach(r -> entries.add(hash.recipient(r.address())));
    } else if (event instanceof Event.Outcome outcome) {
      if (hasNewRecipient) {
        addRecipient(outcome.recipient(), entries);
      }
      outcome.remoteQueueId().ifPresent(id -> entries.add(hash.remoteQueueId(id)));
    } else if (event instanceof Event.Unreported unreported && hasNewRecipient) {
      addRecipient(unreported.recipient(), entries);
    }
    return entries;
  }

  private void addRecipient(Recipient recipient, Set<Integer> entries) {
    entries.add(hash.recipient(recipient.address()));
    entries.add(hash.recipient(recipient.accepted()));
  }

  private void changeStatuses(long message, Set<Status> before, Set<Status> after)
      throws SQLException {
    for (Status gone : without(before, after)) {
      sql.update(
          "DELETE FROM " + schema + "status WHERE status = ? AND message = ?",
          Codes.of(gone),
          message);
    }
    for (Status come : without(after, before)) {
      sql.update(
          "INSERT OR IGNORE INTO " + schema + "status VALUES (?, ?)", Codes.of(come), message);
    }
  }

  private static Set<Status> without(Set<Status> all, Set<Status> some) {
    Set<Status> rest = EnumSet.noneOf(Status.class);
    rest.addAll(all);
    rest.removeAll(some);
    return rest;
  }
}
