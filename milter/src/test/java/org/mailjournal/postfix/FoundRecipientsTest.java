package org.mailjournal.postfix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mailjournal.postfix.TapHouse.ID;
import static org.mailjournal.postfix.TapHouse.request;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.mailjournal.journal.Asked;
import org.mailjournal.journal.Event;

/** Whom the queue file of a foundling names, and who of them are its recipients. */
class FoundRecipientsTest extends FoundlingCase {
  /** qmgr delivers one copy to the target, with the first recipient as the original one. */
  @Test
  void whoWasRedirectedIsReplacedByTheTarget() throws IOException {
    named().started();
    house.queueFile(
        "active/" + ID,
        ARRIVAL.getEpochSecond(),
        "s@x",
        "Alog_client_address=192.0.2.1",
        ">new@x",
        "Anotify_flags=14",
        "Oone@x",
        "Rone@x",
        "Anotify_flags=14",
        "Otwo@x",
        "Rtwo@x");
    house.file("trace/" + ID, RECORD.formatted("new@x", "one@x"));

    assertEquals(0, house.ask("journal-trace", request(5, 0, ID, "s@x")));

    assertEquals(List.of("expanded one@x", "expanded two@x", "relayed new@x"), house.outcomes());
    assertEquals(Optional.of("REDIRECT new@x"), house.details().get(0).reason());
    assertTrue(message().isFinished());
  }

  /** More than the journal is handed at a time of anything else. */
  @Test
  void aFailedCommitLeavesNoneOfVeryManyWhoWereRedirectedUntold() throws IOException {
    named().started();
    List<String> records = new ArrayList<>(List.of("Alog_client_address=192.0.2.1", ">new@x"));
    for (int i = 0; i < 2 * Batch.SIZE; i++) {
      records.addAll(List.of("Anotify_flags=14", "Or" + i + "@x", "Rr" + i + "@x"));
    }
    house.queueFile(
        "active/" + ID, ARRIVAL.getEpochSecond(), "s@x", records.toArray(String[]::new));
    house.file("trace/" + ID, RECORD.formatted("new@x", "r0@x"));
    house.journal.whileCommitting(
        () -> {
          if (received().isEmpty() && house.journal.commits() > 1) {
            house.journal.refuseNext(1);
          }
        });

    assertEquals(1, house.ask("journal-trace", request(5, 0, ID, "s@x")));
    assertEquals(0, house.ask("journal-trace", request(5, 0, ID, "s@x")));

    assertTrue(message().isFinished());
    assertEquals(
        Set.of("expanded", "relayed"),
        house.outcomes().stream().map(words -> words.split(" ", 2)[0]).collect(Collectors.toSet()));
  }

  /** always_bcc and the BCC maps: no mark is on them, and their NOTIFY is NEVER. */
  @Test
  void whomPostfixAddedNobodyNamed() throws IOException {
    named().started();
    house.queueFile(
        "active/" + ID,
        ARRIVAL.getEpochSecond(),
        "s@x",
        "Alog_client_address=192.0.2.1",
        "Anotify_flags=14",
        "Oone@x",
        "Done@x",
        "Anotify_flags=1",
        "Oarchive@x",
        "Darchive@x");
    house.file("trace/" + ID, RECORD.formatted("one@x", "one@x"));

    house.ask("journal-trace", request(5, 0, ID, "s@x"));

    assertEquals(
        List.of("one@x"),
        received().get(0).accepted().stream().map(one -> one.address().text()).toList());
    assertEquals(List.of("relayed one@x", "unreported archive@x"), house.outcomes());
  }

  /** As from a content filter to a port that has no mark: no record of success is ever made. */
  @Test
  void ofMailWithoutAMarkNoTargetIsTakenForTheAlias() throws IOException {
    named().started();
    house.queueFile(
        "active/" + ID,
        ARRIVAL.getEpochSecond(),
        "s@x",
        "Alog_client_address=192.0.2.1",
        "Oall@x",
        "Done@x",
        "Oall@x",
        "Dtwo@x");
    house.file("bounce/" + ID, RECORD.formatted("one@x", "all@x").replace("relayed", "failed"));
    house.service("bounce", () -> 0);

    assertEquals(0, house.ask("journal-bounce", request(1, 0, ID, "s@x")));

    Event.Accepted all = received().get(0).accepted().get(0);
    assertFalse(all.marked());
    assertTrue(house.rows(received().get(0).message()).contains("queued all@x"));
  }

  /** No mark is ever on it: what sendmail -N asks for is the sender's own wish. */
  @Test
  void mailBySendmailHasItsReport() throws IOException {
    named().started();
    FakeService real = house.service("trace", () -> 0);
    house.queueFile(
        "active/" + ID, ARRIVAL.getEpochSecond(), "s@x", "Anotify_flags=2", "Oone@x", "Done@x");
    house.file("trace/" + ID, RECORD.formatted("one@x", "one@x"));

    assertEquals(0, house.ask("journal-trace", request(5, 0, ID, "s@x")));

    Event.Accepted one = received().get(0).accepted().get(0);
    assertEquals(Asked.of(EnumSet.of(Asked.Notice.SUCCESS)), one.asked());
    assertEquals(1, real.requests().size());
    assertEquals(List.of(), house.oddities());
  }
}
