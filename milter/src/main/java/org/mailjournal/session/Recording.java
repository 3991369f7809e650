package org.mailjournal.session;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.mailjournal.journal.Client;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.KeptHeader;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.QueueId;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.Recorder;
import org.mailjournal.journal.Source;
import org.mailjournal.protocol.Reply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits a complete message and only then lets the MTA have it. Of messages that were let pass
 * unrecorded ({@link Sessions.OnFailure#ACCEPT}) a count is kept, and told to the journal with the
 * next event that it takes.
 */
final class Recording {
  private static final Logger LOG = LoggerFactory.getLogger(Recording.class);

  private static final String STAGE = "milter";
  private static final Reply CONTINUE = new Reply.Continue();
  private static final Reply REFUSED =
      new Reply.Refusal(451, "4.3.0", "Message cannot be recorded now, try again later");

  private final Recorder recorder;
  private final Clock clock;
  private final Sessions.OnFailure onFailure;

  /** Let pass, and not yet told to the journal. */
  private final AtomicLong gap = new AtomicLong();

  private final LongAdder unrecorded = new LongAdder();

  Recording(Recorder recorder, Clock clock, Sessions.OnFailure onFailure) {
    this.recorder = recorder;
    this.clock = clock;
    this.onFailure = onFailure;
  }

  long unrecorded() {
    return unrecorded.sum();
  }

  CompletableFuture<Reply> record(
      Optional<String> mta,
      Optional<String> queueId,
      Client client,
      Envelope envelope,
      Content content,
      Optional<ReceiptWish> wish) {
    Optional<String> lack = lack(mta, queueId, envelope);
    if (lack.isPresent()) {
      LOG.warn("milter end of message: {}", lack.get());
      return CompletableFuture.completedFuture(unrecordable());
    }
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    MessageKey key = new MessageKey(mta.orElseThrow(), new QueueId(queueId.orElseThrow()), now);
    Event.Received received =
        new Event.Received(
            now,
            Source.MILTER,
            key,
            content.messageId(),
            envelope.sender(),
            envelope.authenticatedAs(),
            client,
            content.size(),
            content.trail(key),
            envelope.accepted(),
            envelope.rejected(),
            content.digest());
    return commit(received, envelope, wish);
  }

  /** Why the message cannot be journalled at all, and what cures it. */
  private static Optional<String> lack(
      Optional<String> mta, Optional<String> queueId, Envelope envelope) {
    if (queueId.isEmpty()) {
      return Optional.of(
          "expected the macro {i}, got none; add i to milter_end_of_data_macros (Postfix) or"
              + " confMILTER_MACROS_EOM (sendmail)");
    }
    if (!QueueId.isValid(queueId.get())) {
      return Optional.of("expected a queue id in the macro {i}, got '" + queueId.get() + "'");
    }
    if (mta.isEmpty()) {
      return Optional.of(
          "expected the macro {j}, got none; add j to milter_connect_macros (Postfix) or"
              + " confMILTER_MACROS_CONNECT (sendmail)");
    }
    if (envelope.acceptedTooMany() > 0) {
      return Optional.of(
          queueId.get() + ": expected " + Envelope.MOST_ACCEPTED + " recipients at most, got more");
    }
    return Optional.empty();
  }

  private CompletableFuture<Reply> commit(
      Event.Received received, Envelope envelope, Optional<ReceiptWish> wish) {
    long missing = gap.getAndSet(0);
    List<Event> events = new ArrayList<>(told(missing, received.at()));
    events.add(received);
    envelope.untold().forEach(recipient -> events.add(unreported(received, recipient)));
    if (envelope.rejectedTooMany() > 0) {
      events.add(
          oddity(
              received.at(),
              Optional.of(received.message()),
              envelope.rejectedTooMany() + " more rejected recipients are not kept"));
    }
    Optional<KeptHeader> header = wish.flatMap(w -> w.granted(received, events));
    return begin(events, header)
        .handle(
            (count, failure) -> {
              if (failure == null) {
                return CONTINUE;
              }
              gap.addAndGet(missing);
              LOG.warn(
                  "milter end of message: {} cannot be recorded",
                  received.message().queueId(),
                  failure);
              return unrecordable();
            });
  }

  private static List<Event> told(long missing, Instant at) {
    return missing == 0
        ? List.of()
        : List.of(
            oddity(
                at,
                Optional.empty(),
                missing + " messages were accepted unrecorded since the last that was recorded"));
  }

  void tellGap() {
    long missing = gap.getAndSet(0);
    if (missing == 0) {
      return;
    }
    begin(told(missing, clock.instant().truncatedTo(ChronoUnit.MILLIS)), Optional.empty())
        .exceptionally(
            failure -> {
              gap.addAndGet(missing);
              LOG.error(
                  "{} messages were accepted unrecorded, and the gap cannot be recorded",
                  missing,
                  failure);
              return 0;
            })
        .join();
  }

  /** A recorder that throws instead of failing its future is no reason to leave the MTA waiting. */
  private CompletableFuture<Integer> begin(List<Event> events, Optional<KeptHeader> header) {
    try {
      return header.isPresent() ? recorder.record(events, header.get()) : recorder.record(events);
    } catch (RuntimeException failure) {
      return CompletableFuture.failedFuture(failure);
    }
  }

  private Reply unrecordable() {
    unrecorded.increment();
    if (onFailure == Sessions.OnFailure.TEMPFAIL) {
      return REFUSED;
    }
    gap.incrementAndGet();
    return CONTINUE;
  }

  /** Nothing more will be told, which is known now; a later word, as of LMTP, takes its place. */
  private static Event unreported(Event.Received received, Event.Accepted recipient) {
    return new Event.Unreported(
        received.at(),
        Source.MILTER,
        received.message(),
        Recipient.of(recipient.address()),
        "sendmail's mailer '"
            + recipient.mailer().orElse("")
            + "' delivers it, or an alias sends it on, and sendmail does not tell us");
  }

  private static Event oddity(Instant at, Optional<MessageKey> about, String problem) {
    return Event.Oddity.of(
        at, Source.MILTER, about, STAGE, problem, problem.getBytes(StandardCharsets.UTF_8));
  }
}
