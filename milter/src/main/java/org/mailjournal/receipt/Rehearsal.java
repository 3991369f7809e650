package org.mailjournal.receipt;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Asked;
import org.mailjournal.journal.Client;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.MessageId;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.QueueId;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.RecordedEvent;
import org.mailjournal.journal.Reduction;
import org.mailjournal.journal.Remote;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receipts that nobody gets, written when the daemon starts: so the key is made, and classes are
 * loaded, before the first sender waits. Under load from the first second on that is not enough
 * (doc/PERFORMANCE.md, Receipts).
 */
final class Rehearsal {
  private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);

  private static final int TIMES = 20;

  private static final String HOST = "example.org";

  private Rehearsal() {}

  /** Ends early when none can be written, and says so in the log. */
  static void hold(Writing writing, Instant now) {
    long before = System.nanoTime();
    MessageKey key = new MessageKey(HOST, new QueueId("REHEARSAL"), now);
    Address sender = new Address("sender@" + HOST);
    Address recipient = new Address("recipient@" + HOST);
    List<RecordedEvent> events =
        List.of(
            new RecordedEvent(1, received(key, sender, recipient)),
            new RecordedEvent(2, relayed(key, recipient)));
    History history = new History();
    events.forEach(history);
    try {
      for (int i = 0; i < TIMES; i++) {
        writing.write(
            Notice.Kind.FINAL, Reduction.of(events).orElseThrow(), history, sender, "rehearsal");
      }
      LOG.debug("receipts: ready after {} ms", (System.nanoTime() - before) / 1_000_000);
    } catch (RuntimeException e) {
      LOG.warn("receipts: none can be written, and those that are due will wait: {}", e.toString());
    }
  }

  private static Event received(MessageKey key, Address sender, Address recipient) {
    return new Event.Received(
        key.receivedAt(),
        Source.MILTER,
        key,
        MessageId.ofField("<rehearsal@" + HOST + ">"),
        sender,
        Optional.empty(),
        Client.UNKNOWN,
        1,
        List.of(),
        List.of(
            new Event.Accepted(recipient, Asked.DEFAULT, Optional.empty(), Optional.empty(), true)),
        List.of());
  }

  private static Event relayed(MessageKey key, Address recipient) {
    return new Event.Outcome(
        key.receivedAt(),
        Source.PASS,
        key,
        Recipient.of(recipient),
        Status.RELAYED,
        Optional.empty(),
        Remote.NONE,
        Optional.of("250 2.0.0 Ok: queued as REHEARSAL"),
        Optional.empty(),
        "1");
  }
}
