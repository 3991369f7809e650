package org.mailjournal.egress;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.QueueId;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.Remote;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

/** A start behind hours in which the journal took nothing, and the mail went on. */
final class ReplayTest {
  private static final int WAITING = 5_000;

  @TempDir Path directory;
  private Path file;
  private RelayFixture fixture;

  @BeforeEach
  void thousandsWait() throws IOException {
    file = directory.resolve("emergency");
    Files.writeString(
        file,
        IntStream.range(0, WAITING)
            .mapToObj(i -> BatchCodec.line(taken("W" + i)))
            .collect(Collectors.joining("\n\n", "", "\n")));
    fixture = new RelayFixture(directory);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  /** What a next hop took of a message that the journal knew. */
  private static Batch taken(String queueId) {
    MessageKey key = new MessageKey(RelayFixture.MTA, new QueueId(queueId), RelayFixture.NOON);
    return new Batch(
        Optional.empty(),
        List.of(
            new Event.Outcome(
                RelayFixture.NOON,
                Source.EGRESS,
                key,
                Recipient.of(new Address("b@example.net")),
                Status.RELAYED,
                Optional.empty(),
                Remote.NONE,
                Optional.of("250 2.0.0 Ok: queued as " + queueId),
                Optional.empty(),
                "1-1")));
  }

  private boolean isFileBackAtItsReserve() throws IOException {
    return Files.size(file) == LineFile.RESERVE && Files.readString(file).isBlank();
  }

  @Test
  void mailNeedNotWaitForThem() {
    fixture.journal.slow(Duration.ofMillis(10));

    assertTimeoutPreemptively(Duration.ofSeconds(15), fixture::start);

    await().atMost(Duration.ofMinutes(1)).until(() -> fixture.outcomes().size() == WAITING);
    await().until(this::isFileBackAtItsReserve);
    assertTrue(fixture.journal.requests() < WAITING / 100, "commits");
  }

  @Test
  void oneThatIsRefusedForGoodHoldsUpNoOther() {
    fixture.journal.damaged("W700", true);

    fixture.start();

    await().atMost(Duration.ofMinutes(1)).until(() -> fixture.outcomes().size() == WAITING - 1);
  }
}
