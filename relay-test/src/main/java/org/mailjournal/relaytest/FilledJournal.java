package org.mailjournal.relaytest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.store.Settings;
import org.mailjournal.store.SqliteJournal;

/**
 * A journal with many messages of one recipient each, recorded as the daemon does, but in larger
 * commits.
 *
 * @param file the database
 */
record FilledJournal(Path file, int messages) {
  private static final int AT_ONCE = 250;
  private static final int UNDER_WAY = 40;

  /** Larger commits than a daemon's, or the making would take longer than all measurements. */
  private static final int GROUP = 40_000;

  private static final int CAPACITY = 200_000;

  /**
   * What a message can take while it is made, the log that is not yet in the database and the MTA's
   * own log of it included.
   */
  private static final long ROOM = 1600;

  private static final long ROOM_ANYWAY = 1L << 28;

  /** Why it cannot be made there; empty when there is room. */
  static String lackOfRoom(Path directory, int messages) throws IOException {
    long wanted = messages * ROOM + ROOM_ANYWAY;
    long there = Files.getFileStore(directory).getUsableSpace();
    return there >= wanted
        ? ""
        : "%d messages want %d MiB of disk, there are %d; take fewer with --messages N"
            .formatted(messages, wanted >> 20, there >> 20);
  }

  private Settings settings() {
    return new Settings("jdbc:sqlite:" + file, CAPACITY, GROUP, 1, Duration.ofMinutes(1));
  }

  /** Makes it. */
  static FilledJournal make(Path directory, int messages) {
    FilledJournal made = new FilledJournal(directory.resolve("journal.db"), messages);
    try (SqliteJournal journal = SqliteJournal.open(made.settings())) {
      Deque<CompletableFuture<Integer>> underWay = new ArrayDeque<>();
      for (int i = 0; i < messages; i += AT_ONCE) {
        List<Event> events = new ArrayList<>();
        for (int number = i; number < Math.min(messages, i + AT_ONCE); number++) {
          events.addAll(new SampleMail(number).events());
        }
        underWay.add(journal.record(events));
        if (underWay.size() == UNDER_WAY) {
          underWay.remove().join();
        }
      }
      underWay.forEach(CompletableFuture::join);
    }
    return made;
  }

  JournalReader open() {
    return SqliteJournal.openReadOnly(settings());
  }

  /** The bytes of each table and index, by SQLite's own count of its pages; the largest first. */
  Map<String, Long> bytesByTable() throws SQLException {
    Map<String, Long> bytes = new LinkedHashMap<>();
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT name, SUM(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC")) {
      while (rows.next()) {
        bytes.put(rows.getString(1), rows.getLong(2));
      }
    }
    return bytes;
  }

  long bytes() throws IOException {
    return Files.size(file);
  }
}
