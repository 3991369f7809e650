package org.mailjournal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mailjournal.journal.Bytes;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.JournalException;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.RecordedEvent;
import org.sqlite.JDBC;

/** What a disk that loses or changes bytes does to a journal is said, and never silently served. */
class DamageTest {
  private static final int MESSAGES = 60;

  @TempDir private Path directory;
  private Path damaged;
  private final List<Event> recorded = new ArrayList<>();

  /** A journal as kill -9 leaves it: half of it still in the write-ahead log. */
  @BeforeEach
  void aJournalThatWasKilled() throws Exception {
    Path live = directory.resolve("live/journal.db");
    damaged = Files.createDirectory(directory.resolve("damaged")).resolve("journal.db");
    try (SqliteJournal journal = SqliteJournal.open(settings(live))) {
      record(journal, 0);
    }
    try (SqliteJournal journal = SqliteJournal.open(settings(live))) {
      record(journal, MESSAGES);
      for (String suffix : List.of("", "-wal", ".mark")) {
        Files.copy(sibling(live, suffix), sibling(damaged, suffix));
      }
    }
  }

  private void record(SqliteJournal journal, int from) throws Exception {
    for (int i = from; i < from + MESSAGES; i++) {
      Event.Received mail = Mails.realistic(i, Mails.NOON.plusMillis(i));
      journal.record(List.of(mail)).get();
      recorded.add(mail);
    }
  }

  private static Settings settings(Path file) {
    return Settings.of("jdbc:sqlite:" + file);
  }

  private static Path sibling(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  private List<Event> served() {
    try (SqliteJournal journal = SqliteJournal.open(settings(damaged))) {
      return journal.eventsAfter(0, 1_000_000).stream().map(RecordedEvent::event).toList();
    }
  }

  @Test
  void whatIsSoundIsServed() {
    assertEquals(recorded, served());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.02, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95, 0.999})
  void aBitThatIsChangedInTheLogIsFoundAtTheStart(double where) throws IOException {
    changeBit(sibling(damaged, "-wal"), where);

    assertIsSaid();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.1, 0.5, 0.99})
  void aLogThatIsCutShortIsFoundAtTheStart(double where) throws IOException {
    cut(sibling(damaged, "-wal"), where);

    assertIsSaid();
  }

  @Test
  void aLogThatIsGoneIsFoundAtTheStart() throws IOException {
    Files.delete(sibling(damaged, "-wal"));

    assertIsSaid();
  }

  @Test
  void aFileThatIsEmptiedIsNotBegunAnew() throws IOException {
    Files.write(damaged, new byte[0]);

    assertIsSaid();
  }

  @Test
  void aReaderFindsItToo() throws IOException {
    changeBit(sibling(damaged, "-wal"), 0.5);

    JournalException said =
        assertThrows(
            JournalException.class, () -> SqliteJournal.openReadOnly(settings(damaged)).close());
    assertTrue(said.getMessage().contains("restore a backup"), said.getMessage());
  }

  @Test
  void anOlderCopyInItsPlaceIsFound() throws IOException {
    SqliteJournal.backup(settings(damaged), directory.resolve("copy"));
    try (SqliteJournal journal = SqliteJournal.open(settings(damaged))) {
      journal.record(List.of(Mails.realistic(999, Mails.NOON.plusSeconds(9)))).join();
    }
    Files.delete(damaged);
    Files.copy(directory.resolve("copy"), damaged);

    assertIsSaid();
    Files.delete(sibling(damaged, ".mark"));
    assertEquals(recorded, served());
  }

  @Test
  void aJournalThatIsGoneIsNotBegunAnew() throws IOException {
    Files.delete(damaged);
    Files.delete(sibling(damaged, "-wal"));

    assertIsSaid(this::served);
    assertFalse(Files.exists(damaged));
  }

  @Test
  void aMarkThatACommitIsTryingTheDiskWithCounts() throws IOException {
    Path mark = sibling(damaged, ".mark");
    Files.write(mark, Arrays.copyOf(Files.readAllBytes(mark), 21));
    changeBit(sibling(damaged, "-wal"), 0.5);

    assertIsSaid();
  }

  @Test
  void aTornMarkStopsNobody() throws IOException {
    changeBit(sibling(damaged, ".mark"), 0.5);

    assertEquals(recorded, served());
  }

  /** Of the file itself every second page: what is not refused must be what was recorded. */
  @Test
  void bitsThatAreChangedInTheFileAreFoundOrDoNotMatter() throws IOException {
    byte[] sound;
    try (SqliteJournal journal = SqliteJournal.open(settings(damaged))) {
      assertFalse(journal.eventsAfter(0, 1).isEmpty());
    }
    sound = Files.readAllBytes(damaged);
    int refused = 0;
    for (int at = 37; at < sound.length; at += 2039) {
      byte[] changed = sound.clone();
      changed[at] ^= 0x10;
      Files.write(damaged, changed);
      Files.deleteIfExists(sibling(damaged, "-wal"));
      refused += isRefused() ? 1 : 0;
    }
    assertTrue(refused > 0, "nothing was found");
  }

  /** Of the file and its index alike, so that SQLite finds nothing. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE word SET text = text || 'x' WHERE number = 2",
        "UPDATE event SET message = message + 1 WHERE sequence = 7",
        "UPDATE event SET sequence = 9999 WHERE sequence = 7",
        "UPDATE event SET body = (SELECT body FROM event WHERE sequence = 8) WHERE sequence = 7"
      })
  void anEventThatIsSoundInItselfIsReadInItsPlaceAndWithItsWordsOnly(String change)
      throws Exception {
    try (Sql sql = Sql.on(JDBC.createConnection("jdbc:sqlite:" + damaged, new Properties()))) {
      sql.execute(change);
    }

    JournalException said = assertThrows(JournalException.class, this::served);
    assertTrue(said.getMessage().contains("its checksum does not hold"), said.getMessage());
  }

  /** Whether it is said at the start, at reading, or by verify; else all must be there. */
  private boolean isRefused() {
    try {
      List<Event> events = served();
      boolean found = !SqliteJournal.verify(settings(damaged)).isEmpty();
      if (!found) {
        assertEquals(recorded, events);
      }
      return found;
    } catch (JournalException said) {
      return true;
    }
  }

  /** And nothing is changed, so that somebody can look at what is left. */
  private void assertIsSaid() throws IOException {
    Map<String, String> before = files();
    assertIsSaid(this::served);
    assertIsSaid(() -> SqliteJournal.rebuild(settings(damaged)));
    assertEquals(before, files());
  }

  private Map<String, String> files() throws IOException {
    Map<String, String> files = new TreeMap<>();
    for (String suffix : List.of("", "-wal", ".mark")) {
      Path file = sibling(damaged, suffix);
      if (Files.exists(file) && Files.size(file) > 0) {
        files.put(suffix, Bytes.sha256(Files.readAllBytes(file)));
      }
    }
    return files;
  }

  private void assertIsSaid(Executable attempt) {
    JournalException said = assertThrows(JournalException.class, attempt);
    assertEquals(JournalException.Kind.PERMANENT, said.kind(), said.getMessage());
    assertTrue(said.getMessage().contains("restore a backup"), said.getMessage());
    assertTrue(said.getMessage().contains(damaged.toString()), said.getMessage());
  }

  private static void changeBit(Path file, double where) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[(int) (where * bytes.length)] ^= 0x04;
    Files.write(file, bytes);
  }

  private static void cut(Path file, double where) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(bytes, (int) (where * bytes.length)));
  }

  @Test
  void aBackupIsMadeWhileTheDaemonWritesAndCanBeRestored() throws Exception {
    Path copy = directory.resolve("copy.db");
    long events;
    try (SqliteJournal journal = SqliteJournal.open(settings(damaged))) {
      var more = journal.record(List.of(Mails.realistic(500, Mails.NOON.plusSeconds(5))));
      events = SqliteJournal.backup(settings(damaged), copy);
      more.get();
    }
    assertTrue(events >= recorded.size(), events + " events");
    assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)));
    assertEquals(List.of(), SqliteJournal.verify(settings(copy)));
    try (JournalReader reader = SqliteJournal.openReadOnly(settings(copy))) {
      assertEquals(
          recorded,
          reader.eventsAfter(0, recorded.size()).stream().map(RecordedEvent::event).toList());
      assertEquals(
          Optional.of(((Event.Received) recorded.get(7)).message()),
          reader
              .message(((Event.Received) recorded.get(7)).message().queueId().text())
              .map(state -> state.key()));
    }
    try (SqliteJournal restored = SqliteJournal.open(settings(copy))) {
      assertEquals(1, restored.record(List.of(Mails.realistic(501, Mails.NOON))).get());
    }
  }

  @Test
  void aBackupOverwritesNothing() throws IOException {
    Path copy = Files.writeString(directory.resolve("copy.db"), "precious");

    assertThrows(JournalException.class, () -> SqliteJournal.backup(settings(damaged), copy));

    assertEquals("precious", Files.readString(copy));
  }
}
