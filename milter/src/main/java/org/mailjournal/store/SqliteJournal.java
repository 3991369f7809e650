package org.mailjournal.store;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.mailjournal.journal.Bytes;
import org.mailjournal.journal.Coverage;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.Journal;
import org.mailjournal.journal.JournalException;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.KeptHeader;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.Query;
import org.mailjournal.journal.QueueId;
import org.mailjournal.journal.Rebuilt;
import org.mailjournal.journal.RecordedEvent;
import org.mailjournal.journal.Statistics;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The journal in an SQLite file. */
public final class SqliteJournal implements Journal {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteJournal.class);

  /** Without it nothing is recorded, and nobody hears that it is not. */
  public static final String WRITER_THREAD = "journal-writer";

  private final DaemonLock lock;
  private final Mark mark;
  private final Writer writer;
  private final Checkpointer checkpointer;
  private final Readers readers;
  private final SqliteReader reader;

  private SqliteJournal(
      DaemonLock lock, Mark mark, Writer writer, Checkpointer checkpointer, Readers readers) {
    this.lock = lock;
    this.mark = mark;
    this.writer = writer;
    this.checkpointer = checkpointer;
    this.readers = readers;
    this.reader = new SqliteReader(readers);
  }

  /**
   * Opens the journal for the daemon; makes it where there is none and brings an older one up to
   * date.
   *
   * @throws JournalException when another daemon has it, and for whatever else is in the way
   */
  public static SqliteJournal open(Settings settings) {
    Database database = new Database(settings);
    database.create();
    DaemonLock lock = DaemonLock.take(settings.file());
    try {
      Mark mark = prepare(settings, database);
      Checkpointer checkpointer = Checkpointer.of(settings.file(), database::recorder);
      Writer writer = writer(settings, database, mark, checkpointer);
      Readers readers = new Readers(database, settings.readers());
      return new SqliteJournal(lock, mark, writer, checkpointer, readers);
    } catch (SQLException | RuntimeException e) {
      lock.close();
      throw Trouble.of("open", e);
    }
  }

  private static Writer writer(
      Settings settings, Database database, Mark mark, Checkpointer checkpointer)
      throws SQLException {
    try {
      return new Writer(settings, database::recorder, mark, checkpointer);
    } catch (SQLException | RuntimeException e) {
      checkpointer.close();
      mark.close();
      throw e;
    }
  }

  private static Mark prepare(Settings settings, Database database) throws SQLException {
    database.requireWhole();
    database.requireSound();
    try (Sql sql = database.writer()) {
      Migrations.run(sql, settings.file().toString());
      Mark.check(settings.file(), sql);
      if (Rebuild.isUnfinished(sql)) {
        tell(new Rebuild(sql).run());
      }
      return Mark.open(settings.file(), sql);
    }
  }

  private static void tell(Rebuilt rebuilt) {
    LOG.info("a rebuild that was cut short is done anew, from {} events", rebuilt.events());
    if (rebuilt.unreadable() > 0) {
      LOG.warn(
          "{} of them left out, which cannot be read; 'journal verify' names them",
          rebuilt.unreadable());
    }
  }

  /**
   * Opens the journal to ask only, beside a daemon or without one.
   *
   * @throws JournalException when there is none, or it cannot be read
   */
  public static JournalReader openReadOnly(Settings settings) {
    SqliteReader reader = new SqliteReader(new Readers(new Database(settings), settings.readers()));
    reader.probe();
    return reader;
  }

  /** Makes everything that is derived anew from the events. The daemon must be stopped. */
  public static Rebuilt rebuild(Settings settings) {
    Database database = new Database(settings);
    database.requireFile();
    DaemonLock lock = DaemonLock.take(settings.file());
    try {
      database.requireWhole();
      return rebuild(settings, database);
    } catch (SQLException | RuntimeException e) {
      throw Trouble.of("rebuild", e);
    } finally {
      lock.close();
    }
  }

  private static Rebuilt rebuild(Settings settings, Database database) throws SQLException {
    try (Sql sql = database.writer()) {
      Migrations.run(sql, settings.file().toString());
      return new Rebuild(sql).run();
    }
  }

  /** Every problem of the file, of its events, and of what is derived; empty when it is sound. */
  public static List<String> verify(Settings settings) {
    Readers readers = new Readers(new Database(settings), 1);
    try {
      return readers.read(session -> new Verification(session).problems());
    } finally {
      readers.close();
    }
  }

  /**
   * Copies the journal as it is at one moment; beside the daemon or without one.
   *
   * @param target must not be there
   * @return how many events are in the copy
   */
  public static long backup(Settings settings, Path target) {
    return Backup.to(target, settings);
  }

  @Override
  public CompletableFuture<Integer> record(List<Event> events) {
    return writer.record(events);
  }

  @Override
  public CompletableFuture<Integer> recordSoon(List<Event> events) {
    return writer.recordSoon(events);
  }

  @Override
  public CompletableFuture<Integer> record(List<Event> events, KeptHeader header) {
    return writer.record(events, header);
  }

  /**
   * Takes out the messages whose last event came before a moment, between the commits of others;
   * not those whose sender waits for a receipt. Waits until that is done.
   *
   * @return how many messages were taken out
   * @throws JournalException also when one of them is damaged and stays; all others are gone then
   */
  public synchronized long purge(Instant before) {
    return new Retention(readers, writer).run(before);
  }

  /**
   * Takes out what a {@link #purge} that was cut short has hidden and left. Waits until that is
   * done.
   *
   * @return how many messages were taken out
   * @throws JournalException as {@link #purge}
   */
  public synchronized long finishPurge() {
    return new Retention(readers, writer).finish();
  }

  @Override
  public List<MessageState> find(Query query) {
    return reader.find(query);
  }

  @Override
  public List<MessageState> find(Query query, Consumer<String> unreadable) {
    return reader.find(query, unreadable);
  }

  @Override
  public Optional<MessageState> message(String reference) {
    return reader.message(reference);
  }

  @Override
  public Optional<MessageState> inQueue(QueueId queueId, Optional<Instant> arrival) {
    return reader.inQueue(queueId, arrival);
  }

  @Override
  public void each(MessageKey message, Consumer<RecordedEvent> visitor) {
    reader.each(message, visitor);
  }

  @Override
  public List<MessageState> chain(MessageKey message) {
    return reader.chain(message);
  }

  @Override
  public List<RecordedEvent> eventsAfter(long sequence, int limit) {
    return reader.eventsAfter(sequence, limit);
  }

  @Override
  public void eachAfter(
      long sequence, Consumer<RecordedEvent> visitor, Consumer<String> unreadable) {
    reader.eachAfter(sequence, visitor, unreadable);
  }

  @Override
  public long someAfter(
      long sequence, int limit, Consumer<RecordedEvent> visitor, Consumer<String> unreadable) {
    return reader.someAfter(sequence, limit, visitor, unreadable);
  }

  @Override
  public long sequenceBefore(Instant moment) {
    return reader.sequenceBefore(moment);
  }

  @Override
  public List<MessageState> unfinished(
      Instant receivedBefore, Optional<MessageKey> after, int limit, Consumer<String> unreadable) {
    return reader.unfinished(receivedBefore, after, limit, unreadable);
  }

  @Override
  public List<MessageKey> receiptsAwaited(
      Optional<MessageKey> after, int limit, Consumer<String> unreadable) {
    return reader.receiptsAwaited(after, limit, unreadable);
  }

  @Override
  public Optional<Bytes> keptHeader(MessageKey message) {
    return reader.keptHeader(message);
  }

  @Override
  public Statistics statistics(Instant since) {
    return reader.statistics(since);
  }

  @Override
  public Statistics statistics(Instant since, Consumer<String> unreadable) {
    return reader.statistics(since, unreadable);
  }

  @Override
  public Coverage coverage() {
    return reader.coverage();
  }

  @Override
  public void close() {
    checkpointer.end();
    writer.close();
    mark.close();
    reader.close();
    checkpointer.close();
    lock.close();
  }
}
