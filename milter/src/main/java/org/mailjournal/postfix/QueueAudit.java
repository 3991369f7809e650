package org.mailjournal.postfix;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.QueueId;
import org.mailjournal.journal.RecipientState;
import org.mailjournal.journal.Recorder;
import org.mailjournal.journal.Source;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for unfinished messages in Postfix's queue; what left it untold is {@code unreported}.
 *
 * <p>It looks at the queue files themselves: that gives {@code postqueue -j}'s answer without a
 * process, costs the unfinished messages of the journal instead of everything in the queue, and
 * holds while Postfix is stopped.
 */
final class QueueAudit {
  private static final Logger LOG = LoggerFactory.getLogger(QueueAudit.class);

  /** Messages in memory at once, each with all its recipients. */
  private static final int PAGE = 20;

  /** Some 2 MB; what is beyond is looked at when these are done. */
  private static final int MOST_AHEAD = 10_000;

  /** In the order in which a message moves; both sides of a move are looked at twice. */
  private static final List<String> QUEUES = List.of("incoming", "active", "deferred", "hold");

  private final Settings settings;
  private final QueuePaths paths;
  private final Recorder recorder;
  private final JournalReader journal;
  private final Clock clock;
  private final LongSupplier nanos;

  /**
   * Unfinished messages that the clock, which was ahead then, put into the future, and since when
   * we know of them, by the uptime: by the clock they would be young for as long as it was ahead.
   */
  private Map<MessageKey, Long> ahead = Map.of();

  QueueAudit(
      Settings settings,
      QueuePaths paths,
      Recorder recorder,
      JournalReader journal,
      Clock clock,
      LongSupplier nanos) {
    this.settings = settings;
    this.paths = paths;
    this.recorder = recorder;
    this.journal = journal;
    this.clock = clock;
    this.nanos = nanos;
  }

  /** One round. What goes wrong is logged, and tried again in the next. */
  void run() {
    try {
      for (String queue : QUEUES) {
        // Nothing is missing from a queue that cannot be seen.
        if (!Files.isExecutable(settings.queueDirectory().resolve(queue))) {
          LOG.warn("queue audit: cannot look into {} of {}", queue, settings.queueDirectory());
          return;
        }
      }
      round(clock.instant());
    } catch (RuntimeException | IOException e) {
      LOG.warn("queue audit: given up until the next one: {}", e.toString());
    }
  }

  private void round(Instant begin) throws IOException {
    Map<MessageKey, Long> stillAhead = new HashMap<>();
    Batch batch = new Batch(recorder);
    Optional<MessageKey> last = Optional.empty();
    List<MessageState> page;
    do {
      page = journal.unfinished(Instant.MAX, last, PAGE, QueueAudit::leftOut);
      for (MessageState message : page) {
        last = Optional.of(message.key());
        if (isOurs(message)
            && isOld(message.key(), begin, stillAhead)
            && isGone(message)
            && isGone(message)) {
          // Anew: its last pass may have been told since it was listed, and the file went behind
          // it.
          journal.message(message.key().id()).ifPresent(now -> record(now, batch));
        }
      }
    } while (page.size() == PAGE && !Thread.currentThread().isInterrupted());
    ahead = stillAhead;
    batch.commit();
  }

  private static void leftOut(String damage) {
    LOG.warn("queue audit: left out: {}", damage);
  }

  private boolean isOld(MessageKey key, Instant now, Map<MessageKey, Long> stillAhead) {
    if (!key.receivedAt().isAfter(now)) {
      return key.receivedAt().isBefore(now.minus(settings.auditAge()));
    }
    if (stillAhead.size() == MOST_AHEAD) {
      return false;
    }
    long since = ahead.getOrDefault(key, nanos.getAsLong());
    stillAhead.put(key, since);
    return nanos.getAsLong() - since > settings.auditAge().toNanos();
  }

  private boolean isOurs(MessageState message) {
    boolean isPostfixs = message.source() == Source.MILTER || message.source() == Source.PASS;
    return isPostfixs && settings.mtas().contains(message.key().mta());
  }

  private boolean isGone(MessageState message) throws IOException {
    for (String queue : QUEUES) {
      Path path = paths.of(queue, message.key().queueId());
      if (isIn(path, message) && !isUnfinished(queue, path)) {
        return false;
      }
    }
    return true;
  }

  /** Whether the file is there, and is not that of a newer message under the same queue id. */
  private static boolean isIn(Path path, MessageState message) throws IOException {
    try {
      Instant receivedAt = message.key().receivedAt();
      boolean isNewer =
          QueueFileReader.arrival(path)
              .filter(at -> at.minus(Lookup.CLOCK_STEP).isAfter(receivedAt))
              .isPresent();
      // By another clock than the file's, where it has the Message-ID as well.
      return !isNewer
          || (message.messageId().isPresent()
              && QueueFileReader.messageId(path).equals(message.messageId()));
    } catch (NoSuchFileException gone) {
      return false;
    } catch (FileSystemException unseen) {
      throw unseen;
    } catch (IOException unread) {
      // Something is there, if only half a file.
      return true;
    }
  }

  /**
   * Whether cleanup(8) ended while it wrote the file: it makes it executable when all is there and
   * synced (mail_stream.c), before smtpd answers the client. Nobody but postsuper(1) touches such a
   * file again, and that only when it is a week old. Should cleanup still be at it, later news
   * takes the place of what is said here.
   */
  private static boolean isUnfinished(String queue, Path path) throws IOException {
    try {
      return queue.equals("incoming")
          && !Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS)
              .contains(PosixFilePermission.OWNER_EXECUTE);
    } catch (NoSuchFileException moved) {
      return true;
    }
  }

  private void record(MessageState message, Batch batch) {
    String reason = "left the queue, and nothing told how" + successor(message);
    for (RecipientState recipient : message.recipients()) {
      if (!recipient.status().isFinal()) {
        batch.add(
            new Event.Unreported(
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                Source.QUEUE,
                message.key(),
                recipient.recipient(),
                reason));
      }
    }
  }

  /** After {@code postsuper -r} the message goes on under another queue id. */
  private String successor(MessageState message) {
    return message
        .messageId()
        .flatMap(
            id ->
                journal
                    .find(
                        Lookup.byMessageId(id, Optional.of(message.sender())), QueueAudit::leftOut)
                    .stream()
                    .map(MessageState::key)
                    .filter(key -> key.receivedAt().isAfter(message.key().receivedAt()))
                    .map(MessageKey::queueId)
                    .filter(queueId -> !queueId.equals(message.key().queueId()))
                    .findFirst())
        .map(QueueId::text)
        .map(queueId -> "; " + queueId + " came later with the same Message-ID")
        .orElse("");
  }
}
