package org.mailjournal.store;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

/**
 * The present status of each recipient of one message, and no more: what {@link
 * org.mailjournal.journal.Reduction} says, kept up event by event, so that a message with 100,000
 * recipients is not reduced anew at each of their outcomes. A test holds the two together.
 */
final class Fates {
  private final Map<Recipient, Row> rows = new HashMap<>();
  private final Set<Address> originals = new HashSet<>();
  private final int[] visible = new int[Codes.STATUSES];
  private boolean received;

  private static final class Row {
    private Status status;
    private boolean accepted;
    private boolean marked;
  }

  /** Takes an event in; true when it names a recipient that was not known. */
  boolean apply(Event event) {
    if (event instanceof Event.Received first) {
      receive(first);
      return true;
    } else if (event instanceof Event.Outcome outcome) {
      return change(outcome.recipient(), outcome.status(), outcome.source());
    } else if (event instanceof Event.Unreported unreported) {
      return change(unreported.recipient(), Status.UNREPORTED, unreported.source());
    }
    return false;
  }

  /** The statuses that at least one recipient has. */
  Set<Status> statuses() {
    Set<Status> present = EnumSet.noneOf(Status.class);
    if (received) {
      for (Status status : Status.values()) {
        if (visible[Codes.of(status)] > 0) {
          present.add(status);
        }
      }
    }
    return present;
  }

  boolean isFinal(Recipient recipient) {
    Row row = rows.get(recipient);
    return row != null && row.status.isFinal();
  }

  int size() {
    return rows.size();
  }

  private void receive(Event.Received event) {
    if (received) {
      return;
    }
    received = true;
    for (Event.Accepted accepted : event.accepted()) {
      Recipient recipient = accepted.recipient();
      Row row = rows.computeIfAbsent(recipient, r -> new Row());
      recipient.original().ifPresent(this::rename);
      if (!row.accepted) {
        count(recipient, row, -1);
        row.accepted = true;
        row.marked = accepted.marked();
        row.status = Status.QUEUED;
        count(recipient, row, 1);
      }
    }
    for (Event.Rejected rejected : event.neverTaken()) {
      Recipient recipient = Recipient.of(rejected.address());
      Row row = rows.computeIfAbsent(recipient, r -> new Row());
      count(recipient, row, -1);
      row.status = Status.REJECTED;
      count(recipient, row, 1);
    }
  }

  private boolean change(Recipient recipient, Status status, Source source) {
    Row row = rows.get(recipient);
    boolean isNew = row == null;
    if (isNew) {
      row = new Row();
      rows.put(recipient, row);
      recipient.original().ifPresent(this::rename);
    }
    if (row.status == null || row.status.givesWayTo(status, source)) {
      count(recipient, row, -1);
      row.status = status;
      count(recipient, row, 1);
    }
    return isNew;
  }

  private void rename(Address original) {
    Recipient accepted = Recipient.of(original);
    Row row = rows.get(accepted);
    if (row == null) {
      originals.add(original);
      return;
    }
    count(accepted, row, -1);
    originals.add(original);
    count(accepted, row, 1);
  }

  private void count(Recipient recipient, Row row, int by) {
    if (row.status != null && !isRenamed(recipient, row)) {
      visible[Codes.of(row.status)] += by;
    }
  }

  private boolean isRenamed(Recipient recipient, Row row) {
    return row.accepted
        && row.marked
        && row.status == Status.QUEUED
        && recipient.original().isEmpty()
        && originals.contains(recipient.address());
  }
}
