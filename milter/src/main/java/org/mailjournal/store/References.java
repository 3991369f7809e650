package org.mailjournal.store;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.mailjournal.journal.MessageId;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.Query;
import org.mailjournal.journal.QueueId;

/** From a name of a message to the newest message that has it. */
final class References {
  private final Finder finder;

  References(Readers.Session session) {
    this.finder = new Finder(session);
  }

  Optional<MessageState> message(String reference) throws SQLException {
    Query query = Query.text(reference);
    String text = query.text().orElseThrow();
    Optional<MessageState> found = Optional.empty();
    Optional<MessageKey.Id> id = MessageKey.parse(text);
    if (id.isPresent()) {
      found = newest(new Lookup.ByJournalId(id.get()));
    }
    if (found.isEmpty()) {
      found = newest(new Lookup.ByQueueId(text));
    }
    if (found.isEmpty()) {
      found = newest(new WholeMessageId(text));
    }
    return found.isPresent() ? found : newest(new Lookup.ByMessageId(text));
  }

  Optional<MessageState> inQueue(QueueId queueId, Instant earliest) throws SQLException {
    return finder
        .find(List.of(new Lookup.ByQueueId(queueId.text())), earliest, Instant.MAX, 1)
        .stream()
        .findFirst();
  }

  private Optional<MessageState> newest(Lookup lookup) throws SQLException {
    return finder.find(List.of(lookup), Instant.MIN, Instant.MAX, 1).stream().findFirst();
  }

  /** By all of a Message-ID: another one's left part may be the same text. */
  private record WholeMessageId(String id) implements Lookup {
    @Override
    public List<Rows> rows(Hash hash) {
      return new ByMessageId(id).rows(hash);
    }

    @Override
    public boolean matches(Messages.Whole message) {
      return message.state().messageId().map(MessageId::text).filter(id::equals).isPresent();
    }
  }
}
