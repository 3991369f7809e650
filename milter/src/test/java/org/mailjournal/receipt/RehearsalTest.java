package org.mailjournal.receipt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mailjournal.journal.Address;

class RehearsalTest extends DeskHouse {
  @TempDir Path directory;

  private ReceiptSettings settings(Optional<Path> key) {
    return new ReceiptSettings(
        PATIENCE,
        SubmissionSettings.plain("127.0.0.1", server.port()),
        1,
        new Address("postmaster@example.org"),
        "Receipts",
        Optional.empty(),
        "HEADERS",
        new SigningSettings(
            key,
            Optional.empty(),
            directory.resolve("own.p12"),
            "mail.example.org",
            Optional.empty()),
        "mail.example.org",
        "1",
        List.of(),
        true,
        false);
  }

  private Writing writing(Optional<Path> key) {
    ReceiptSettings settings = settings(key);
    return Workshop.writing(settings, Workshop.key(settings, clock), journal, clock);
  }

  @Test
  void theKeyIsMadeAndNothingIsSentOrRecorded() {
    Rehearsal.hold(writing(Optional.empty()), clock.instant());
    after(Duration.ofHours(1));

    assertTrue(Files.exists(directory.resolve("own.p12")));
    assertEquals(List.of(), server.messages());
    assertEquals(List.of(), journal.all());
  }

  @Test
  void aKeyThatCannotBeUsedIsLeftToTheFirstReceipt() {
    Rehearsal.hold(writing(Optional.of(directory.resolve("none.p12"))), clock.instant());

    assertEquals(List.of(), journal.all());
  }
}
