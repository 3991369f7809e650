package org.mailjournal.postfix;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.JournalException;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.MessageId;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.Query;
import org.mailjournal.journal.QueueId;
import org.mailjournal.journal.ReceiptEvent;
import org.mailjournal.journal.RecordedEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the journal's message for a request, and what Postfix's own queue file says of it. */
final class Lookup {
  private static final Logger LOG = LoggerFactory.getLogger(Lookup.class);

  /**
   * A message is received after its queue file was made, by the same machine's clock; unless that
   * is set back in between. Much less than an MTA needs to use a queue id again.
   */
  static final Duration CLOCK_STEP = Duration.ofMinutes(10);

  private final QueuePaths paths;
  private final JournalReader journal;

  Lookup(QueuePaths paths, JournalReader journal) {
    this.paths = paths;
    this.journal = journal;
  }

  /**
   * What was found.
   *
   * @param subject absent when the journal does not know the message
   * @param problem why the queue file could not be read, or what the journal has of the message;
   *     empty when both could, or there is nothing to read
   */
  record Found(Optional<Subject> subject, QueueFile file, String problem) {
    /** The problem as the end of a sentence. */
    String suffix() {
      return problem.isEmpty() ? "" : "; " + problem;
    }
  }

  Found find(Request request) {
    Path path = paths.of(request.queueName(), request.queueId());
    QueueFile file = QueueFile.UNREAD;
    String problem = "";
    try {
      file = QueueFileReader.envelope(path);
    } catch (NoSuchFileException gone) {
      LOG.debug("{}: the queue file is gone", request.queueId());
    } catch (IOException e) {
      problem = "queue file: cannot be read: " + e.getMessage();
      LOG.warn("{}: {}", request.queueId(), problem);
    }
    try {
      return new Found(subject(request, file), file, problem);
    } catch (JournalException e) {
      return new Found(Optional.empty(), file, damage(e));
    }
  }

  private Optional<Subject> subject(Request request, QueueFile file) {
    return journal
        .inQueue(request.queueId(), file.arrival().map(at -> at.minus(CLOCK_STEP)))
        .or(() -> namesake(request))
        .map(state -> subject(state, file))
        .filter(found -> found.agrees(request.sender()));
  }

  /**
   * What waiting does not mend is no reason to keep Postfix waiting: else a message of which one
   * byte is damaged would stay in the queue, and its bounce with it, for as long as it may.
   */
  static String damage(JournalException e) {
    if (e.kind() == JournalException.Kind.TEMPORARY) {
      throw e;
    }
    return e.getMessage();
  }

  /** By another clock than the queue file's: what has its Message-ID and sender, too, is it. */
  private Optional<MessageState> namesake(Request request) {
    return relatives(request).stream()
        .filter(message -> message.key().queueId().equals(request.queueId()))
        .findFirst();
  }

  /** A message that was recorded just now; empty where it cannot be read back. */
  Optional<Subject> subject(MessageKey key, QueueFile file) {
    try {
      return journal
          .message(key.id())
          .filter(message -> message.key().equals(key))
          .map(message -> subject(message, file));
    } catch (JournalException e) {
      LOG.warn("{}: {}", key.id(), damage(e));
      return Optional.empty();
    }
  }

  /** The newest message with that queue id, of whatever time. */
  Optional<MessageState> newest(QueueId queueId) {
    return journal.inQueue(queueId, Optional.empty());
  }

  private Subject subject(MessageState state, QueueFile file) {
    List<RecordedEvent> events =
        journal.events(
            state.key(), event -> event instanceof Event.Received || event instanceof ReceiptEvent);
    List<Event.Accepted> accepted =
        events.stream()
            .map(RecordedEvent::event)
            .filter(Event.Received.class::isInstance)
            .map(Event.Received.class::cast)
            .findFirst()
            .map(Event.Received::accepted)
            .orElse(List.of());
    return new Subject(state, accepted, awaitsReceipt(events), file);
  }

  private static boolean awaitsReceipt(List<RecordedEvent> events) {
    boolean wanted = false;
    for (RecordedEvent recorded : events) {
      if (recorded.event() instanceof ReceiptEvent step) {
        if (step.isLast()) {
          return false;
        }
        wanted |= step instanceof ReceiptEvent.Wanted;
      }
    }
    return wanted;
  }

  /**
   * The newest message of the journal that a message which the journal does not know may be: the
   * same Message-ID and sender, as after {@code postsuper -r}.
   */
  Optional<MessageState> relative(Request request) {
    try {
      return relatives(request).stream().findFirst();
    } catch (JournalException e) {
      LOG.warn("{}: no relative of it can be had: {}", request.queueId(), damage(e));
      return Optional.empty();
    }
  }

  private List<MessageState> relatives(Request request) {
    Optional<MessageId> messageId = Optional.empty();
    try {
      messageId = QueueFileReader.messageId(paths.of(request.queueName(), request.queueId()));
    } catch (IOException e) {
      LOG.debug("{}: no Message-ID to be had: {}", request.queueId(), e.toString());
    }
    Address sender = new Address(Quoting.external(request.sender()));
    return messageId
        .map(id -> journal.find(byMessageId(id, Optional.of(sender))))
        .orElse(List.of());
  }

  static Query byMessageId(MessageId id, Optional<Address> sender) {
    Query all = Query.all();
    return new Query(
        all.text(),
        Optional.of(id.text()),
        all.queueId(),
        all.remoteQueueId(),
        sender,
        all.recipient(),
        all.status(),
        all.since(),
        all.until(),
        5);
  }
}
