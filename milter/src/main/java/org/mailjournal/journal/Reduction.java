package org.mailjournal.journal;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * From the events of one message to its present state. A pure function of the events in their
 * order, so that what is stored of it can be rebuilt.
 *
 * <p>Each recipient has a row under the address that the MTA delivers to. Final statuses stay
 * ({@link Status#givesWayTo}); later news that contradicts one stands among the events.
 */
public final class Reduction {
  /**
   * Before the words of qmgr(8) for a recipient that it did not try, because others were refused at
   * the same place (qmgr_deliver.c).
   */
  private static final String SUSPENDED = "delivery temporarily suspended: ";

  private final Map<Recipient, Row> rows = new LinkedHashMap<>();
  private Event.Received received;

  /** Nothing is known yet. */
  public Reduction() {}

  /**
   * The state that the events of one message leave.
   *
   * @return empty when {@code received} is not among them
   */
  public static Optional<MessageState> of(List<RecordedEvent> events) {
    Reduction reduction = new Reduction();
    for (RecordedEvent recorded : events) {
      reduction.apply(recorded.event());
    }
    return reduction.state();
  }

  /** Takes in the next event. */
  public void apply(Event event) {
    if (event instanceof Event.Received first) {
      receive(first);
    } else if (event instanceof Event.Outcome outcome) {
      row(outcome.recipient()).apply(outcome);
    } else if (event instanceof Event.Unreported unreported) {
      row(unreported.recipient()).apply(unreported);
    }
  }

  private void receive(Event.Received event) {
    if (received != null) {
      return;
    }
    received = event;
    for (Event.Accepted accepted : event.accepted()) {
      row(accepted.recipient()).accept(accepted, event);
    }
    for (Event.Rejected rejected : event.neverTaken()) {
      row(Recipient.of(rejected.address())).reject(rejected, event);
    }
  }

  private Row row(Recipient recipient) {
    return rows.computeIfAbsent(recipient, Row::new);
  }

  /**
   * What the events so far leave.
   *
   * @return empty when {@code received} was not among them
   */
  public Optional<MessageState> state() {
    if (received == null) {
      return Optional.empty();
    }
    Set<Address> originals = new HashSet<>();
    rows.keySet().forEach(recipient -> recipient.original().ifPresent(originals::add));
    Set<Address> renamed = new HashSet<>();
    List<RecipientState> states = new ArrayList<>();
    for (Row row : rows.values()) {
      if (row.isRenamed(originals)) {
        renamed.add(row.recipient.address());
      } else {
        states.add(row.state());
      }
    }
    return Optional.of(
        new MessageState(
            received.message(),
            received.messageId(),
            received.sender(),
            received.authenticatedAs(),
            received.client(),
            received.size(),
            received.source(),
            received.trail(),
            List.of(),
            renamed,
            states));
  }

  private static final class Row {
    private final Recipient recipient;
    private Event.Accepted accepted;
    private RecipientState state;

    /** Where Postfix sends through our relay, both tell of the same attempts. */
    private int attemptsByRelay;

    private int attemptsByOthers;
    private String lastAttempt = "";

    private Row(Recipient recipient) {
      this.recipient = recipient;
    }

    /**
     * Whether the MTA delivers to this accepted address under another name only (Postfix's
     * canonical mapping). A marked address that was expanded instead has its {@code expanded}
     * event; of an unmarked one nothing is told, so it stays in sight.
     */
    private boolean isRenamed(Set<Address> originals) {
      return accepted != null
          && accepted.marked()
          && state.status() == Status.QUEUED
          && recipient.original().isEmpty()
          && originals.contains(recipient.address());
    }

    private void accept(Event.Accepted event, Event.Received in) {
      if (accepted != null) {
        return;
      }
      accepted = event;
      state = bare(Status.QUEUED, in, Optional.empty(), Optional.empty());
    }

    private void reject(Event.Rejected event, Event.Received in) {
      state = bare(Status.REJECTED, in, event.dsn(), Optional.of(event.text()));
    }

    private RecipientState bare(
        Status status, Event.Received in, Optional<EnhancedStatus> dsn, Optional<String> reason) {
      return new RecipientState(
          recipient,
          Optional.ofNullable(accepted).map(Event.Accepted::asked),
          Optional.ofNullable(accepted).flatMap(Event.Accepted::mailer),
          status,
          dsn,
          Remote.NONE,
          Optional.empty(),
          reason,
          0,
          in.source(),
          in.message().receivedAt());
    }

    private void apply(Event.Outcome event) {
      if (event.source() == Source.EGRESS) {
        attemptsByRelay++;
      } else if (isAttempt(event) && !isCounted(event.attempt())) {
        attemptsByOthers++;
      }
      if (state == null || state.status().givesWayTo(event.status(), event.source())) {
        state =
            new RecipientState(
                recipient,
                Optional.ofNullable(accepted).map(Event.Accepted::asked),
                Optional.ofNullable(accepted).flatMap(Event.Accepted::mailer),
                event.status(),
                event.dsn(),
                event.remote(),
                event.reply(),
                event.reason(),
                attempts(),
                event.source(),
                event.at());
      }
    }

    private static boolean isAttempt(Event.Outcome event) {
      return event.status() != Status.EXPANDED
          && event
              .reason()
              .filter(
                  words -> words.startsWith(SUSPENDED) || words.startsWith(Event.Outcome.UNTOLD))
              .isEmpty();
    }

    /** What expires is put off and fails by one and the same attempt. */
    private boolean isCounted(String attempt) {
      boolean isCounted = !attempt.isEmpty() && attempt.equals(lastAttempt);
      lastAttempt = attempt;
      return isCounted;
    }

    private void apply(Event.Unreported event) {
      if (state == null || state.status().givesWayTo(Status.UNREPORTED, event.source())) {
        state =
            new RecipientState(
                recipient,
                Optional.ofNullable(accepted).map(Event.Accepted::asked),
                Optional.ofNullable(accepted).flatMap(Event.Accepted::mailer),
                Status.UNREPORTED,
                Optional.empty(),
                Remote.NONE,
                Optional.empty(),
                Optional.of(event.reason()),
                attempts(),
                event.source(),
                event.at());
      }
    }

    private int attempts() {
      return Math.max(attemptsByRelay, attemptsByOthers);
    }

    private RecipientState state() {
      return state;
    }
  }
}
