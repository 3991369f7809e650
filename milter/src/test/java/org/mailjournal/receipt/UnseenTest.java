package org.mailjournal.receipt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Asked;
import org.mailjournal.journal.Client;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.RecordedEvent;
import org.mailjournal.journal.Reduction;
import org.mailjournal.journal.Remote;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

/** Whom Postfix added, and the sender is not to hear of. */
class UnseenTest {
  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
  private static final MessageKey MESSAGE = HopsTest.key("A1");
  private static final Address ARCHIVE = new Address("archive@example.org");

  private final List<RecordedEvent> events = new ArrayList<>();

  UnseenTest() {
    tell(received(MESSAGE, "bob@example.net", "team@example.org"));
  }

  private static Event.Received received(MessageKey key, String... accepted) {
    List<Event.Accepted> all = new ArrayList<>();
    for (String address : accepted) {
      all.add(
          new Event.Accepted(
              new Address(address), Asked.DEFAULT, Optional.empty(), Optional.empty(), true));
    }
    return new Event.Received(
        NOON,
        Source.MILTER,
        key,
        Optional.empty(),
        new Address("ada@example.org"),
        Optional.empty(),
        Client.UNKNOWN,
        100,
        List.of(),
        all,
        List.of(
            new Event.Rejected(new Address("no@example.net"), Optional.empty(), "550 5.1.1 no")));
  }

  private void tell(Event event) {
    events.add(new RecordedEvent(events.size() + 1, event));
  }

  private void tell(Source source, Recipient recipient, Status status) {
    tell(
        new Event.Outcome(
            NOON,
            source,
            MESSAGE,
            recipient,
            status,
            Optional.empty(),
            Remote.NONE,
            Optional.of("250 2.0.0 Ok"),
            Optional.empty(),
            ""));
  }

  private List<String> seen() {
    MessageState state = Reduction.of(events).orElseThrow();
    return Unseen.in(MESSAGE, events).seen(state).stream()
        .map(row -> row.recipient().address().text())
        .toList();
  }

  @Test
  void anArchiveThatIsFullIsNoneOfTheSendersBusiness() {
    tell(Source.PASS, Recipient.of(new Address("bob@example.net")), Status.RELAYED);
    tell(Source.PASS, Recipient.of(ARCHIVE), Status.FAILED);

    assertEquals(List.of("bob@example.net", "team@example.org", "no@example.net"), seen());
    assertEquals(2, Unseen.in(MESSAGE, events).without(events).size());
  }

  @Test
  void anAliassTargetIsSeenAndWhatTheRelayTells() {
    Address target = new Address("eve@example.org");
    tell(
        Source.PASS,
        new Recipient(target, Optional.of(new Address("team@example.org"))),
        Status.FAILED);
    tell(Source.EGRESS, Recipient.of(new Address("far@example.com")), Status.RELAYED);

    assertEquals(
        List.of("bob@example.net", "no@example.net", "eve@example.org", "far@example.com"), seen());
    assertEquals(events, Unseen.in(MESSAGE, events).without(events));
  }

  /** {@code always_bcc = archive}, which is an alias, or of this domain. */
  @Test
  void anArchiveUnderAnotherNameIsNotSeenEither() {
    Recipient archive = new Recipient(ARCHIVE, Optional.of(new Address("archive")));
    tell(Source.PASS, Recipient.of(new Address("bob@example.net")), Status.RELAYED);
    tell(Source.PASS, archive, Status.FAILED);

    assertEquals(List.of("bob@example.net", "team@example.org", "no@example.net"), seen());
    assertEquals(2, Unseen.in(MESSAGE, events).without(events).size());

    tell(received(HopsTest.key("B2"), "bob@example.net", ARCHIVE.text()));
    assertEquals(events.subList(0, 2), Unseen.in(MESSAGE, events).without(events));
  }

  /** Nobody but the accepted address's own row, which is not there, says that it was named. */
  @Test
  void whoWasNamedAndIsDeliveredToUnderAnotherNameIsSeen() {
    Address renamed = new Address("bob.b@example.net");
    tell(
        Source.PASS,
        new Recipient(renamed, Optional.of(new Address("bob@example.net"))),
        Status.FAILED);

    assertEquals(List.of("team@example.org", "no@example.net", "bob.b@example.net"), seen());
    assertEquals(events, Unseen.in(MESSAGE, events).without(events));
  }

  @Test
  void aLaterHopsReceptionDoesNotNameIt() {
    tell(new Event.Unreported(NOON, Source.PASS, MESSAGE, Recipient.of(ARCHIVE), "done with"));
    tell(received(HopsTest.key("B2"), "bob@example.net", ARCHIVE.text()));

    assertEquals(List.of(events.get(0)), Unseen.in(MESSAGE, events).without(events));
  }

  @Test
  void ofTheHopThatAddedItOnlyItIsLeftOut() {
    MessageKey behind = HopsTest.key("B2");
    tell(Source.PASS, Recipient.of(new Address("bob@example.net")), Status.RELAYED);
    tell(received(behind, "bob@example.net"));
    tell(new Event.Unreported(NOON, Source.PASS, behind, Recipient.of(ARCHIVE), "left the queue"));

    assertEquals(events.subList(0, 3), Unseen.in(MESSAGE, events).without(events));
  }

  @Test
  void postfixsOwnWordsThatCouldNotBeReadAreLeftOutBesideOne() {
    tell(
        Event.Oddity.of(
            NOON, Source.PASS, Optional.of(MESSAGE), "pass", "no such record", new byte[] {1}));
    assertEquals(events, Unseen.in(MESSAGE, events).without(events));

    tell(Source.PASS, Recipient.of(ARCHIVE), Status.FAILED);
    assertEquals(events.subList(0, 1), Unseen.in(MESSAGE, events).without(events));
  }
}
