package org.mailjournal.store;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.JournalException;
import org.mailjournal.journal.Query;
import org.mailjournal.journal.RecordedEvent;
import org.mailjournal.journal.Status;
import org.sqlite.JDBC;

class RecordTest {
  @TempDir Path directory;
  private String url;
  private SqliteJournal journal;

  @BeforeEach
  void open() {
    url = "jdbc:sqlite:" + directory.resolve("journal.db");
    journal = SqliteJournal.open(new Settings(url, 100, 100, 2, Duration.ofMillis(200)));
  }

  @AfterEach
  void close() {
    journal.close();
  }

  @Test
  void whatIsRecordedIsThereWhenTheFutureCompletes() throws Exception {
    Event.Received mail = Mails.mail("A1", Mails.NOON).received();
    Event.Outcome outcome = Mails.relayed(mail, "bob@example.com", "D4");
    assertEquals(2, journal.record(List.of(mail, outcome)).get());
    assertEquals(
        List.of(new RecordedEvent(1, mail), new RecordedEvent(2, outcome)),
        journal.events(mail.message()));
  }

  /** All mail waits for the thread that looks for queue ids in these words. */
  @Test
  void wordsThatAFarSideMadeHardToReadHoldUpNobody() throws Exception {
    Event.Received mail = Mails.mail("A1", Mails.NOON).received();
    List<Event> events = new ArrayList<>(List.of(mail));
    for (int i = 0; i < 400; i++) {
      String words = (i % 2 == 0 ? "a" : "<").repeat(4_000);
      events.add(Mails.outcome(mail, i + "@example.com", Status.RELAYED, "250 " + words));
    }

    assertEquals(401, journal.record(events).get(10, TimeUnit.SECONDS));
  }

  /** Of "Aa" and "BB", and so of all that is made of them, String's hash is the same. */
  @Test
  void addressesThatWereMadeToMeetInATableHoldUpNobody() throws Exception {
    String[] addresses =
        IntStream.range(1 << 14, 1 << 15)
            .mapToObj(Integer::toBinaryString)
            .map(bits -> bits.replace("0", "Aa").replace("1", "BB") + "@example.com")
            .toArray(String[]::new);
    Event.Received mail = Mails.mail("A1", Mails.NOON).to(addresses).received();

    assertEquals(1, journal.record(List.of(mail)).get(10, TimeUnit.SECONDS));
    assertEquals(1 << 14, journal.message("A1").orElseThrow().recipients().size());
  }

  @Test
  void whatHasTimeIsRecordedWithoutOthers() throws Exception {
    Event.Received mail = Mails.mail("A1", Mails.NOON).received();
    assertEquals(1, journal.recordSoon(List.of(mail)).get());
    assertEquals(List.of(new RecordedEvent(1, mail)), journal.events(mail.message()));
  }

  @Test
  void whatHasTimeAndWhatHasNoneAreBothRecorded() throws Exception {
    Event.Received first = Mails.mail("A1", Mails.NOON).received();
    Event.Received second = Mails.mail("A2", Mails.NOON).received();
    var soon = journal.recordSoon(List.of(first));
    var now = journal.record(List.of(second));
    assertEquals(1, now.get());
    assertEquals(1, soon.get());
    assertEquals(2, journal.eventsAfter(0, 10).size());
  }

  @Test
  void whatHasTimeIsNotLostWhenTheJournalIsClosed() throws Exception {
    Event.Received mail = Mails.mail("A1", Mails.NOON).received();
    var soon = journal.recordSoon(List.of(mail));
    journal.close();
    assertEquals(1, soon.get());
  }

  @Test
  void whatStillWaitsCanBeTakenBackAndWhatIsBeingWrittenCannot() throws Exception {
    journal.close();
    journal = SqliteJournal.open(new Settings(url, 100, 100, 2, Duration.ofMinutes(1)));
    Event.Received first = Mails.mail("A1", Mails.NOON).received();
    CompletableFuture<Integer> written;
    CompletableFuture<Integer> waiting;
    try (Sql other = Sql.on(JDBC.createConnection(url, new Properties()))) {
      other.run("BEGIN IMMEDIATE");
      written = journal.record(List.of(first));
      await().atMost(Duration.ofSeconds(30)).until(RecordTest::isWriting);
      waiting = journal.record(List.of(Mails.mail("A2", Mails.NOON).received()));

      assertTrue(waiting.cancel(false));
      assertFalse(written.cancel(false));
      other.run("ROLLBACK");
    }
    assertEquals(1, written.get());
    assertEquals(1, journal.record(List.of(Mails.mail("A3", Mails.NOON).received())).get());
    assertEquals(2, journal.eventsAfter(0, 10).size());
  }

  private static boolean isWriting() {
    return Thread.getAllStackTraces().entrySet().stream()
        .filter(thread -> thread.getKey().getName().equals("journal-writer"))
        .flatMap(thread -> Stream.of(thread.getValue()))
        .anyMatch(frame -> frame.getMethodName().equals("transact"));
  }

  @Test
  void theSameNewsIsRecordedOnce() throws Exception {
    Event.Received mail = Mails.mail("A1", Mails.NOON).received();
    Event.Outcome outcome = Mails.relayed(mail, "bob@example.com", "D4");
    journal.record(List.of(mail, outcome)).get();
    assertEquals(0, journal.record(List.of(mail, outcome)).get());
    assertEquals(0, journal.record(List.of(outcome, outcome)).get());
    assertEquals(2, journal.events(mail.message()).size());
  }

  @Test
  void theSameNewsIsRecordedOnceAcrossARestart() throws Exception {
    Event.Received mail = Mails.mail("A1", Mails.NOON).received();
    Event.Outcome outcome = Mails.relayed(mail, "bob@example.com", "D4");
    journal.record(List.of(mail, outcome)).get();
    journal.close();
    open();
    assertEquals(0, journal.record(List.of(mail, outcome)).get());
  }

  @Test
  void unreportedIsNoNewsOfARecipientWhoseFateIsKnown() throws Exception {
    Event.Received mail = Mails.mail("A1", Mails.NOON).to("bob@x", "eve@x").received();
    journal.record(List.of(mail, Mails.relayed(mail, "bob@x", "D4"))).get();
    List<Event> both = List.of(Mails.unreported(mail, "bob@x"), Mails.unreported(mail, "eve@x"));
    assertEquals(1, journal.record(both).get());
    assertEquals(Status.UNREPORTED, status(mail, 1));
  }

  @Test
  void twoMessagesOfOneQueueIdAndMillisecondAreTwoIfTheirMtasAre() throws Exception {
    Event.Received one = Mails.mail("A1", Mails.NOON).received();
    Event.Received other =
        (Event.Received)
            AnyEvent.about(
                one,
                new org.mailjournal.journal.MessageKey(
                    "other.example.org", one.message().queueId(), Mails.NOON));
    assertEquals(2, journal.record(List.of(one, other)).get());
    assertEquals(1, journal.events(one.message()).size());
    assertEquals(1, journal.events(other.message()).size());
  }

  @Test
  void moreMessagesThanNumbersInAMillisecondAreAllFoundInTheirMillisecond() throws Exception {
    for (int i = 0; i < 300; i++) {
      journal.record(List.of(Mails.mail("A" + i, Mails.NOON).received())).get();
    }
    assertEquals(300, journal.find(between(Mails.NOON, Mails.NOON.plusMillis(1))).size());
    assertEquals(
        0, journal.find(between(Mails.NOON.plusMillis(1), Mails.NOON.plusSeconds(9))).size());
    assertEquals(1, journal.events(Mails.key("A299", Mails.NOON)).size());
  }

  @Test
  void aRequestThatCannotBeStoredFailsAloneAndWhole() throws Exception {
    Event.Received good = Mails.mail("A1", Mails.NOON).received();
    Event.Received companion = Mails.mail("B2", Mails.NOON).received();
    Event unstorable = Mails.started(Instant.MAX);
    List<CompletableFuture<Integer>> futures = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      futures.add(journal.record(List.of(Mails.mail("N" + i, Mails.NOON).received())));
    }
    CompletableFuture<Integer> bad = journal.record(List.of(companion, unstorable));
    futures.add(journal.record(List.of(good)));
    for (CompletableFuture<Integer> future : futures) {
      assertEquals(1, future.get());
    }
    assertEquals(JournalException.Kind.PERMANENT, failure(bad).kind());
    assertEquals(List.of(), journal.events(companion.message()));
    assertEquals(1, journal.record(List.of(companion)).get());
  }

  @Test
  void whatTheFileRefusesFailsAsTemporaryAndTheWriterRecovers() throws Exception {
    Event.Received mail = Mails.mail("A1", Mails.NOON).received();
    CompletableFuture<Integer> refused;
    try (var intruder = JDBC.createConnection(url, new Properties());
        var statement = intruder.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      refused = journal.record(List.of(mail));
      assertEquals(JournalException.Kind.TEMPORARY, failure(refused).kind());
      statement.execute("ROLLBACK");
    }
    assertEquals(1, journal.record(List.of(mail)).get());
    assertEquals(1, journal.events(mail.message()).size());
  }

  @Test
  void aFullQueueFailsAtOnceAndWhatFitsIsCommitted() throws Exception {
    journal.close();
    // The writer must not give up its first group before the queue behind it is full.
    journal = SqliteJournal.open(new Settings(url, 100, 100, 2, Duration.ofSeconds(60)));
    List<CompletableFuture<Integer>> futures = new ArrayList<>();
    try (var intruder = JDBC.createConnection(url, new Properties());
        var statement = intruder.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      for (int i = 0; i < 400; i++) {
        futures.add(journal.record(List.of(Mails.mail("N" + i, Mails.NOON).received())));
      }
      CompletableFuture<Integer> last = futures.get(399);
      assertTrue(last.isDone());
      assertTrue(failure(last).getMessage().contains("more than 100 events wait"));
      statement.execute("ROLLBACK");
    }
    int committed = 0;
    for (CompletableFuture<Integer> future : futures) {
      committed += future.handle((news, failure) -> failure == null ? news : 0).get();
    }
    assertTrue(committed > 0);
    assertEquals(committed, journal.find(between(Instant.EPOCH, Instant.MAX)).size());
  }

  @Test
  void aRequestLargerThanTheQueueGetsInAlone() throws Exception {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      events.add(Mails.mail("N" + i, Mails.NOON).received());
    }
    assertEquals(500, journal.record(events).get());
  }

  @Test
  void whatWasHandedInBeforeCloseIsCommitted() throws Exception {
    List<CompletableFuture<Integer>> futures = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      futures.add(journal.record(List.of(Mails.mail("N" + i, Mails.NOON).received())));
    }
    journal.close();
    for (CompletableFuture<Integer> future : futures) {
      assertEquals(1, future.get());
    }
    assertEquals(
        JournalException.Kind.TEMPORARY,
        failure(journal.record(List.of(Mails.started(Mails.NOON)))).kind());
  }

  private Status status(Event.Received mail, int recipient) {
    return journal.message(mail.message().id()).orElseThrow().recipients().get(recipient).status();
  }

  private static Query between(Instant since, Instant until) {
    Query all = Query.all();
    return new Query(
        all.text(),
        all.messageId(),
        all.queueId(),
        all.remoteQueueId(),
        all.sender(),
        all.recipient(),
        all.status(),
        Optional.of(since),
        Optional.of(until),
        1000);
  }

  private static JournalException failure(CompletableFuture<Integer> future) {
    return (JournalException)
        assertThrows(
                ExecutionException.class,
                () -> future.get(60, java.util.concurrent.TimeUnit.SECONDS))
            .getCause();
  }
}
