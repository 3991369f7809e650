package org.mailjournal.egress;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.JournalException;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.QueueId;
import org.mailjournal.journal.Source;

/** Records batches that had to wait, joined to the messages that the journal knows by now. */
final class Replay {
  private final Commits commits;
  private final Joiner joiner;

  Replay(Commits commits, Joiner joiner) {
    this.commits = commits;
    this.joiner = joiner;
  }

  /** Records them in their order, with one commit where that is possible. */
  Commits.Result record(List<Batch> batches) {
    List<Event> events = new ArrayList<>();
    Set<QueueId> made = new HashSet<>();
    try {
      for (Batch batch : batches) {
        Batch joined = joined(batch);
        if (isOfOneMade(joined, made)) {
          // It may concern the message that one in front of it makes, and that must be there.
          Commits.Result result = commits.of(events, true);
          if (result != Commits.Result.DONE) {
            return result;
          }
          events = new ArrayList<>();
          made.clear();
          joined = joined(batch);
        }
        joined.received().ifPresent(r -> made.add(r.message().queueId()));
        events.addAll(events(joined));
      }
      return commits.of(events, true);
    } catch (JournalException unreadable) {
      return Commits.Result.of(unreadable);
    }
  }

  private static boolean isOfOneMade(Batch batch, Set<QueueId> made) {
    return batch.received().filter(r -> made.contains(r.message().queueId())).isPresent();
  }

  /** A batch that was made while the journal could not be asked may concern a message it knows. */
  private Batch joined(Batch batch) {
    return found(batch).flatMap(Joiner.Found::same).map(s -> batch.of(s.key())).orElse(batch);
  }

  private Optional<Joiner.Found> found(Batch batch) {
    return batch
        .received()
        .map(r -> new Claim(r.message().queueId(), r.messageId(), Optional.empty(), r.sender()))
        .map(joiner::found);
  }

  /** What has the queue id of another message that waits makes no message of its own. */
  private List<Event> events(Batch batch) {
    return found(batch)
        .flatMap(Joiner.Found::other)
        .map(other -> List.<Event>of(oddity(batch, other)))
        .orElse(batch.events());
  }

  private static Event.Oddity oddity(Batch batch, MessageState other) {
    Event.Received received = batch.received().orElseThrow();
    String problem =
        "transaction of <%s> with queue id %s: expected one message that waits for %s, found another, %s"
            .formatted(
                received.sender(),
                received.message().queueId(),
                batch.outcomes().stream().map(Replay::words).collect(Collectors.joining(", ")),
                other.key().id());
    return Event.Oddity.of(
        received.at(), Source.EGRESS, Optional.empty(), "egress", problem, new byte[0]);
  }

  private static String words(Event.Outcome outcome) {
    return "<%s> (%s)"
        .formatted(outcome.recipient().address(), outcome.reply().or(outcome::reason).orElse(""));
  }
}
