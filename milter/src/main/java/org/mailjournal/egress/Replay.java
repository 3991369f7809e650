package org.mailjournal.egress;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.JournalException;
import org.mailjournal.journal.QueueId;

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
        events.addAll(joined.events());
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
    return batch
        .received()
        .flatMap(r -> joiner.known(r.message().queueId(), r.messageId()))
        .map(state -> batch.of(state.key()))
        .orElse(batch);
  }
}
