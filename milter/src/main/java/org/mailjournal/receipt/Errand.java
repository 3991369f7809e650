package org.mailjournal.receipt;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.ReceiptEvent;

/**
 * What is at hand of a message whose sender waits for a receipt. One thread at a time has it, see
 * {@link #begin}; the journal has all that matters, so that nothing is lost with it.
 */
final class Errand {
  private final MessageKey message;
  private boolean busy;
  private boolean again;
  private int attempts;
  private String begunHere = "";
  private Optional<ReceiptEvent> result = Optional.empty();
  private Set<MessageKey> followed = Set.of();
  private Instant notBefore = Instant.EPOCH;
  private Instant since;
  private boolean heldBack;
  private boolean tried;

  /** One that came by a clock that was ahead is not late by as much: it waits from now on. */
  Errand(MessageKey message, Instant now) {
    this.message = message;
    this.since = message.receivedAt().isAfter(now) ? now : message.receivedAt();
  }

  MessageKey message() {
    return message;
  }

  /** Takes it; false when somebody has it, who will hear of that at the end. */
  synchronized boolean begin() {
    if (busy) {
      again = true;
      return false;
    }
    busy = true;
    return true;
  }

  /** Gives it back; true when somebody wanted it meanwhile. */
  synchronized boolean end() {
    boolean wanted = again;
    busy = false;
    again = false;
    return wanted;
  }

  synchronized int attempts() {
    return attempts;
  }

  synchronized void attempted() {
    attempts++;
  }

  /** Whether its receipt was looked at to be sent, here and not before a restart. */
  synchronized boolean isTried() {
    return tried;
  }

  synchronized void tried() {
    tried = true;
  }

  /** Whether no attempt can have been made at this receipt, here or before a crash. */
  synchronized boolean isFresh(String receiptId) {
    return begunHere.equals(receiptId) && attempts == 0;
  }

  synchronized void begun(String receiptId) {
    begunHere = receiptId;
    heldBack = false;
    tried = false;
    attempts = 0;
  }

  /** What came of it and is not committed yet. */
  synchronized Optional<ReceiptEvent> result() {
    return result;
  }

  synchronized void result(Optional<ReceiptEvent> event) {
    result = event;
  }

  synchronized Set<MessageKey> followed() {
    return followed;
  }

  synchronized void followed(Set<MessageKey> hops) {
    followed = Set.copyOf(hops);
  }

  /** Whether this is the first time that the limit holds up a receipt of it. */
  synchronized boolean isHeldBackFirst() {
    boolean first = !heldBack;
    heldBack = true;
    return first;
  }

  /** When the message came, by the clock as it is set now. */
  synchronized Instant since() {
    return since;
  }

  /** The clock was set back. */
  synchronized void advance(Duration by) {
    since = since.minus(by);
    notBefore = notBefore.equals(Instant.EPOCH) ? notBefore : notBefore.minus(by);
  }

  /** A message with very many recipients is not read anew for each of them. */
  synchronized Instant notBefore() {
    return notBefore;
  }

  synchronized void notBefore(Instant moment) {
    notBefore = moment;
  }
}
