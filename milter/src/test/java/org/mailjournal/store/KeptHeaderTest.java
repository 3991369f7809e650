package org.mailjournal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Bytes;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.KeptHeader;
import org.mailjournal.journal.ReceiptEvent;
import org.mailjournal.journal.ReceiptKind;
import org.mailjournal.journal.Source;

class KeptHeaderTest {
  private static final String SUBJECT = "Subject: nobody else's business\r\n";

  @TempDir Path directory;
  private Settings settings;
  private SqliteJournal journal;
  private final Event.Received mail = Mails.mail("A1", Mails.NOON).to("bob@example.com").received();

  @BeforeEach
  void open() {
    settings =
        new Settings(
            "jdbc:sqlite:" + directory.resolve("journal.db"), 100, 100, 2, Duration.ofSeconds(5));
    journal = SqliteJournal.open(settings);
  }

  @AfterEach
  void close() {
    journal.close();
  }

  private void receiveWithHeader() {
    byte[] section = SUBJECT.repeat(500).getBytes(StandardCharsets.US_ASCII);
    journal
        .record(
            List.of(mail, wanted()), new KeptHeader(mail.message(), Bytes.head(section, 1 << 16)))
        .join();
  }

  private ReceiptEvent wanted() {
    return new ReceiptEvent.Wanted(
        Mails.NOON, Source.MILTER, mail.message(), new Address("alice@example.net"), "always");
  }

  private ReceiptEvent sent(ReceiptKind kind) {
    return new ReceiptEvent.Sent(
        Mails.NOON, Source.ADMIN, mail.message(), kind, "receipt.x", "250 Ok");
  }

  @Test
  void aHeaderSectionIsKeptWithItsEventsAndReadAgain() {
    receiveWithHeader();

    assertEquals(
        SUBJECT.repeat(500),
        new String(
            journal.keptHeader(mail.message()).orElseThrow().toArray(), StandardCharsets.US_ASCII));
    assertEquals(
        List.of(mail.message()), journal.receiptsAwaited(Optional.empty(), 10, damaged -> {}));
    assertEquals(
        List.of(), journal.receiptsAwaited(Optional.of(mail.message()), 10, damaged -> {}));
  }

  @Test
  void theInterimReceiptKeepsItAndTheFinalOneTakesItAway() throws IOException {
    receiveWithHeader();
    journal.record(List.of(sent(ReceiptKind.INTERIM))).join();
    assertEquals(1, journal.receiptsAwaited(Optional.empty(), 10, damaged -> {}).size());

    journal.record(List.of(sent(ReceiptKind.FINAL))).join();

    assertEquals(Optional.empty(), journal.keptHeader(mail.message()));
    assertEquals(List.of(), journal.receiptsAwaited(Optional.empty(), 10, damaged -> {}));
    journal.close();
    String file = new String(Files.readAllBytes(settings.file()), StandardCharsets.ISO_8859_1);
    assertFalse(file.contains(SUBJECT.strip()));
  }

  @Test
  void aMessageWithoutAWishKeepsNothing() {
    byte[] section = SUBJECT.getBytes(StandardCharsets.US_ASCII);
    journal
        .record(List.of(mail), new KeptHeader(mail.message(), Bytes.head(section, 1 << 16)))
        .join();

    assertEquals(Optional.empty(), journal.keptHeader(mail.message()));
  }

  @Test
  void whatWaitsIsTheSameAfterARebuildAndHoldsAgainstTheEvents() {
    receiveWithHeader();
    journal.close();

    SqliteJournal.rebuild(settings);

    assertEquals(List.of(), SqliteJournal.verify(settings));
    journal = SqliteJournal.open(settings);
    assertEquals(
        List.of(mail.message()), journal.receiptsAwaited(Optional.empty(), 10, damaged -> {}));
    assertEquals(
        SUBJECT.repeat(500).length(), journal.keptHeader(mail.message()).orElseThrow().size());
  }
}
