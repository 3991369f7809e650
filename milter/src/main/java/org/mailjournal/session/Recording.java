package org.mailjournal.session;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.mailjournal.journal.Client;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.KeptHeader;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.QueueId;
import org.mailjournal.journal.Recorder;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Unrecorded;
import org.mailjournal.protocol.Reply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits a complete message and only then lets the MTA have it. Of messages that were let pass
 * unrecorded ({@link Sessions.OnFailure#ACCEPT}) their number and times are kept, and told to the
 * journal with the next event that it takes.
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
  private final AtomicReference<Optional<Unrecorded>> gap = new AtomicReference<>(Optional.empty());

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
    Instant now = now();
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
            content.trail(key.queueId()),
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
    Optional<Unrecorded> missing = gap.getAndSet(Optional.empty());
    List<Event> events = new ArrayList<>();
    missing.ifPresent(gone -> events.add(gone.stated(received.at())));
    events.add(received);
    envelope.untold().forEach(recipient -> events.add(unreported(received, recipient)));
    if (envelope.rejectedTooMany() > 0) {
      events.add(
          oddity(
              received.at(),
              received.message(),
              envelope.rejectedTooMany() + " more rejected recipients are not kept"));
    }
    Optional<KeptHeader> header = wish.flatMap(w -> w.granted(received, events));
    return begin(events, header)
        .handle(
            (count, failure) -> {
              if (failure == null) {
                return CONTINUE;
              }
              missing.ifPresent(this::miss);
              LOG.warn(
                  "milter end of message: {} cannot be recorded",
                  received.message().queueId(),
                  failure);
              return unrecordable();
            });
  }

  private void miss(Unrecorded more) {
    gap.updateAndGet(known -> Optional.of(known.map(more::and).orElse(more)));
  }

  void tellGap() {
    gap.getAndSet(Optional.empty()).ifPresent(this::tell);
  }

  private void tell(Unrecorded missing) {
    Event.Oddity stated = missing.stated(now());
    begin(List.of(stated), Optional.empty())
        .exceptionally(
            failure -> {
              miss(missing);
              LOG.error("{}, and that cannot be recorded", stated.problem(), failure);
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

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private Reply unrecordable() {
    unrecorded.increment();
    if (onFailure == Sessions.OnFailure.TEMPFAIL) {
      return REFUSED;
    }
    miss(Unrecorded.one(now()));
    return CONTINUE;
  }

  /** Nothing more will be told, which is known now; a later word, as of LMTP, takes its place. */
  private static Event unreported(Event.Received received, Event.Accepted recipient) {
    return new Event.Unreported(
        received.at(),
        Source.MILTER,
        received.message(),
        recipient.recipient(),
        "sendmail's mailer '"
            + recipient.mailer().orElse("")
            + "' delivers it, or an alias sends it on, and sendmail does not tell us");
  }

  private static Event oddity(Instant at, MessageKey about, String problem) {
    byte[] input = problem.getBytes(StandardCharsets.UTF_8);
    return Event.Oddity.of(at, Source.MILTER, Optional.of(about), STAGE, problem, input);
  }
}
