package org.mailjournal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.JournalException;
import org.mailjournal.journal.RecordedEvent;
import org.sqlite.ProgressHandler;

/**
 * The files as they are between two steps of SQLite, wherever that is: what a process that is
 * killed there leaves behind.
 */
class CrashPointTest {
  private static final int MESSAGES = 40;
  private static final int MOST_IMAGES = 25;

  @TempDir private Path directory;
  private Path file;
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final List<Image> images = new ArrayList<>();

  /** One moment. */
  private record Image(Path file, int acknowledged) {}

  @BeforeEach
  void makeDirectory() throws IOException {
    file = Files.createDirectory(directory.resolve("live")).resolve("journal.db");
  }

  private static Settings settings(Path file) {
    return Settings.of("jdbc:sqlite:" + file);
  }

  /** A connection that is photographed after so many steps, again and again. */
  private Sql photographed(int steps) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    Sql sql = Sql.on(connection);
    sql.execute("PRAGMA journal_mode = WAL");
    ProgressHandler.setHandler(
        connection,
        steps,
        new ProgressHandler() {
          @Override
          protected int progress() {
            if (images.size() < MOST_IMAGES) {
              images.add(photograph());
            }
            return 0;
          }
        });
    return sql;
  }

  private Image photograph() {
    try {
      Path place = Files.createDirectory(directory.resolve("image" + images.size()));
      for (String suffix : List.of("", "-wal", ".mark")) {
        Path from = file.resolveSibling("journal.db" + suffix);
        if (Files.exists(from)) {
          Files.copy(from, place.resolve("journal.db" + suffix));
        }
      }
      return new Image(place.resolve("journal.db"), acknowledged.get());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Event> mail(int number) {
    Event.Received mail = Mails.realistic(number, Mails.NOON.plusMillis(number));
    return List.of(mail, Mails.realisticOutcome(mail, number));
  }

  private static List<Event> events(SqliteJournal journal) {
    return journal.eventsAfter(0, 1_000_000).stream().map(RecordedEvent::event).toList();
  }

  private static void assertWorks(Image image, int atLeast) {
    try (SqliteJournal journal = SqliteJournal.open(settings(image.file()))) {
      List<Event> events = events(journal);
      assertTrue(events.size() >= 2 * atLeast, image + " has " + events.size());
      for (int i = 0; i < events.size(); i += 2) {
        assertEquals(mail(i / 2), events.subList(i, i + 2), image.toString());
      }
      assertEquals(List.of(), SqliteJournal.verify(settings(image.file())));
      assertEquals(2, journal.record(mail(events.size() / 2)).join());
    }
  }

  @Test
  void inAMigration() throws Exception {
    Files.createFile(file);
    try (Sql sql = photographed(10)) {
      Migrations.run(sql, file.toString());
    }

    assertTrue(images.size() > 3, images.size() + " images");
    images.forEach(image -> assertWorks(image, 0));
  }

  @Test
  void beforeAndAfterACommit() throws Exception {
    SqliteJournal.open(settings(file)).close();
    try (Sql sql = new Database(settings(file)).writer();
        Mark mark = Mark.open(file, sql);
        Writer writer = new Writer(settings(file), () -> photographed(60), mark, weight -> false)) {
      for (int i = 0; i < MESSAGES; i++) {
        writer.record(mail(i)).join();
        acknowledged.incrementAndGet();
      }
    }

    assertEquals(MOST_IMAGES, images.size());
    images.forEach(image -> assertWorks(image, image.acknowledged()));
  }

  @Test
  void inARebuild() throws Exception {
    try (SqliteJournal journal = SqliteJournal.open(settings(file))) {
      for (int i = 0; i < MESSAGES; i++) {
        journal.record(mail(i)).join();
      }
    }
    try (Sql sql = photographed(200)) {
      new Rebuild(sql).run();
    }

    assertTrue(images.size() > 3, images.size() + " images");
    for (Image image : images) {
      assertReadersAreNotMisled(image);
      assertWorks(image, MESSAGES);
    }
  }

  /** They wait, or they get what is right. */
  private static void assertReadersAreNotMisled(Image image) {
    try (var reader = SqliteJournal.openReadOnly(settings(image.file()))) {
      assertEquals(2 * MESSAGES, reader.eventsAfter(0, 1000).size());
      assertEquals(List.of(), SqliteJournal.verify(settings(image.file())));
    } catch (JournalException wait) {
      assertTrue(wait.getMessage().contains("rebuilt"), wait.getMessage());
    }
  }
}
