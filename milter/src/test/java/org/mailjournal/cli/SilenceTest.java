package org.mailjournal.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Asked;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.Remote;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

/** What is said at noon of a recipient of whom nothing was heard for some time. */
class SilenceTest {
  private Terminal terminal;

  @BeforeEach
  void sit(@TempDir Path directory) {
    terminal = new Terminal(directory);
  }

  private static Event received(MessageKey key) {
    return Sample.received(
        key, List.of(), List.of(Sample.accepted("ann@example.com", Asked.DEFAULT, "esmtp")));
  }

  private String told(Source source, Duration ago) {
    Instant at = Sample.NOON.minus(ago);
    MessageKey key = Sample.key("4B61820C0A", at.toString());
    terminal.over(
        Sample.listening()
            .record(
                received(key),
                new Event.Outcome(
                    at,
                    source,
                    key,
                    Recipient.of(new Address("ann@example.com")),
                    Status.DELAYED,
                    Optional.empty(),
                    new Remote(
                        Optional.of("mx.example.com"),
                        Optional.of("192.0.2.1:25"),
                        Optional.empty()),
                    Optional.of("450 4.2.0 Greylisted"),
                    Optional.empty(),
                    "")));
    assertEquals(0, terminal.type("find"));
    return terminal.out();
  }

  @Test
  void sendmailIsNotSaidToKeepTryingWhenItMayHaveGivenUp() {
    String told = told(Source.EGRESS, Duration.ofDays(30));

    assertTrue(
        told.contains(
            "delayed     no end known: mx.example.com [192.0.2.1]:25 said at 13:00:00: 450 4.2.0"
                + " Greylisted; 1 attempt, and nothing was heard since; mailq tells whether the MTA"
                + " still has it (a sendmail that gave it up does not tell us)"),
        told);
    assertFalse(told.contains("keeps trying"), told);
  }

  /** It may hold the message, or have been without the daemon for so long. */
  @Test
  void norIsPostfixThoughItTellsWhenItGivesUp() {
    String told = told(Source.PASS, Duration.ofDays(1).plusMillis(1));

    assertTrue(
        told.endsWith("nothing was heard since; mailq tells whether the MTA still has it\n"), told);
    assertFalse(told.contains("keeps trying"), told);
  }

  @Test
  void withinADayTheMtaKeepsTrying() {
    String trying = "; the MTA keeps trying, 1 attempt so far";
    String untold = " (a sendmail that gave it up does not tell us)";

    for (Source source : List.of(Source.EGRESS, Source.PASS)) {
      String told = told(source, Duration.ofDays(1));

      assertTrue(told.endsWith(trying + (source == Source.EGRESS ? untold : "") + "\n"), told);
    }
  }

  @Test
  void aRecipientThatIsQueuedForLongIsNotOnItsWayYet() {
    terminal.over(
        Sample.listening().record(received(Sample.key("4B61820C0A", "2026-10-24T09:00:00Z"))));

    terminal.type("show", "4B61820C0A");

    assertTrue(
        terminal
            .out()
            .contains(
                "taken into the queue at 11:00:00; nothing was heard of it since; mailq tells"
                    + " whether the MTA still has it (a sendmail that gave it up does not tell us)"),
        terminal.out());
  }
}
