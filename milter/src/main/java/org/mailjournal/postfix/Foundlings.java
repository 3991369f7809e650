package org.mailjournal.postfix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Asked;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.JournalException;
import org.mailjournal.journal.MessageKey;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.Recorder;
import org.mailjournal.journal.Remote;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records from their queue files the messages that no milter told of. cleanup(8) shows no milter
 * the end of a message of which a header or body check says REDIRECT or PASS (cleanup_message.c
 * clears CLEANUP_FLAG_MILTER); milter_default_action = accept lets mail pass without us; what is
 * requeued or forwarded by local(8) is shown to nobody, either.
 *
 * <p>The key is made of the file's own arrival, so that the message is the same in each pass and
 * behind a restart.
 */
final class Foundlings {
  private static final Logger LOG = LoggerFactory.getLogger(Foundlings.class);
  private static final String STAGE = "pass";

  /** The bits of dsn_mask.h. */
  private static final int NEVER = 1;

  private static final int SUCCESS = 2;
  private static final int FAILURE = 4;
  private static final int DELAY = 8;

  private final Set<String> mtas;
  private final QueuePaths paths;
  private final Recorder recorder;
  private final Lookup lookup;
  private final Clock clock;

  Foundlings(Set<String> mtas, QueuePaths paths, Recorder recorder, Lookup lookup, Clock clock) {
    this.mtas = mtas;
    this.paths = paths;
    this.recorder = recorder;
    this.lookup = lookup;
    this.clock = clock;
  }

  /**
   * The message of a request that the journal does not know, which it knows from now on; the same
   * again where its file does not say enough, or may be that of a message which is known.
   */
  Lookup.Found take(Request request, Lookup.Found unknown) {
    if (!isReadable(unknown)) {
      return unknown;
    }
    // Where Postfix waited for no answer, what the milter handed over may still be on its way to
    // the disk. Behind this commit it is there.
    Batch.await(recorder.record(List.of()));
    Lookup.Found again = lookup.find(request);
    if (again.subject().isPresent() || !isReadable(again)) {
      return again;
    }
    Optional<QueueOrigin> origin = read(request);
    Optional<MessageKey> key = origin.flatMap(from -> key(request, from));
    if (key.isEmpty() || isPerhapsKnown(key.get(), request, origin.get())) {
      return again;
    }
    record(key.get(), request, origin.get());
    LOG.debug("{}: recorded from its queue file, for no milter told of it", request.queueId());
    return new Lookup.Found(
        lookup.subject(key.get(), origin.get().file()), origin.get().file(), "");
  }

  private static boolean isReadable(Lookup.Found found) {
    return found.problem().isEmpty() && found.file().arrival().isPresent();
  }

  private Optional<QueueOrigin> read(Request request) {
    Path path = paths.of(request.queueName(), request.queueId());
    try {
      return Optional.of(QueueFileReader.origin(path, request.queueId()));
    } catch (IOException e) {
      LOG.warn("{}: how it came in cannot be read: {}", request.queueId(), e.toString());
      return Optional.empty();
    }
  }

  /** Under the name that the milter would have had from smtpd. */
  private Optional<MessageKey> key(Request request, QueueOrigin origin) {
    Optional<String> only = mtas.size() == 1 ? mtas.stream().findFirst() : Optional.empty();
    return origin
        .header()
        .mta()
        .or(() -> only)
        .flatMap(
            mta -> origin.file().arrival().map(at -> new MessageKey(mta, request.queueId(), at)));
  }

  /**
   * Whether the journal has a message of that queue id which this one may be, though nothing else
   * agrees: Postfix rewrites addresses, and clocks are moved.
   */
  private boolean isPerhapsKnown(MessageKey key, Request request, QueueOrigin origin) {
    Optional<MessageState> newest = newest(key);
    if (newest.isEmpty()) {
      return false;
    }
    Instant earliest = key.receivedAt().minus(Lookup.CLOCK_STEP);
    boolean isOfItsTime = !newest.get().key().receivedAt().isBefore(earliest);
    boolean isUnnamed =
        (newest.get().messageId().isEmpty() || origin.header().messageId().isEmpty())
            && !newest.get().isFinished()
            && new Subject(newest.get(), List.of(), false, origin.file()).agrees(request.sender());
    return isOfItsTime || isUnnamed;
  }

  private Optional<MessageState> newest(MessageKey key) {
    try {
      return lookup
          .newest(key.queueId())
          .filter(message -> message.key().mta().equalsIgnoreCase(key.mta()))
          .filter(message -> !message.key().equals(key));
    } catch (JournalException e) {
      // One of its own time would have been in the way of the look-up before.
      LOG.warn("{}: an earlier one cannot be read: {}", key.queueId(), Lookup.damage(e));
      return Optional.empty();
    }
  }

  private void record(MessageKey key, Request request, QueueOrigin origin) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    List<Event.Accepted> accepted = accepted(origin);
    List<Event> events = new ArrayList<>();
    events.add(
        new Event.Received(
            now,
            Source.PASS,
            key,
            origin.header().messageId(),
            new Address(Quoting.external(origin.file().sender())),
            origin.login(),
            origin.client(),
            origin.size(),
            List.of(),
            accepted,
            List.of()));
    lookup
        .relative(request)
        .filter(relative -> !relative.key().equals(key))
        .map(relative -> relation(now, key, relative.key()))
        .ifPresent(events::add);
    for (Event.Accepted one : accepted) {
      origin
          .redirect()
          .filter(target -> !one.address().text().equalsIgnoreCase(target))
          .ifPresent(target -> events.add(redirected(now, key, one.address(), target)));
    }
    // Whole or not at all: once the message is known, its file is not asked for the rest again.
    Batch.await(recorder.record(events));
  }

  private static Event.Oddity relation(Instant now, MessageKey key, MessageKey other) {
    String problem =
        "its Message-ID and sender are those of "
            + other.queueId()
            + ": requeued (postsuper -r), sent again, or another hop of it";
    byte[] words = problem.getBytes(StandardCharsets.UTF_8);
    return Event.Oddity.of(now, Source.PASS, Optional.of(key), STAGE, problem, words);
  }

  /** qmgr sends one copy to the target, and says nothing more of whom the sender named. */
  private static Event.Outcome redirected(
      Instant now, MessageKey key, Address named, String target) {
    return new Event.Outcome(
        now,
        Source.PASS,
        key,
        Recipient.of(named),
        Status.EXPANDED,
        Optional.empty(),
        Remote.NONE,
        Optional.empty(),
        Optional.of("REDIRECT " + target),
        "");
  }

  /** Whom the sender named, each once, in the file's order. */
  private static List<Event.Accepted> accepted(QueueOrigin origin) {
    Map<Address, Event.Accepted> named = new LinkedHashMap<>();
    Map<Address, Event.Accepted> added = new LinkedHashMap<>();
    for (int i = 0; i < origin.notices().size(); i++) {
      QueueRecipient one = origin.file().recipients().get(i);
      int notify = origin.notices().get(i);
      // A network client's NEVER has our mark beside it; what cleanup(8) adds has not (cleanup.h).
      boolean isAdded =
          !origin.file().local() && notify == NEVER && one.externalOriginal().isEmpty();
      Address address = new Address(one.externalOriginal().orElseGet(one::external));
      (isAdded ? added : named)
          .computeIfAbsent(address, a -> accepted(a, origin.file().local(), notify));
    }
    return new ArrayList<>(named.isEmpty() ? added.values() : named.values());
  }

  /**
   * Of mail by sendmail(1) NOTIFY is the sender's own. Of a network client's it is what our mark
   * made of it, and his own wish is not known; without any he wished for nothing, and came by a way
   * that has no mark.
   */
  private static Event.Accepted accepted(Address address, boolean local, int notify) {
    Asked asked = local ? asked(notify) : Asked.DEFAULT;
    boolean isMarked = local ? asked.success() : notify != 0;
    return new Event.Accepted(address, asked, Optional.empty(), Optional.empty(), isMarked);
  }

  private static Asked asked(int notify) {
    if (notify == 0) {
      return Asked.DEFAULT;
    }
    Set<Asked.Notice> notices = EnumSet.noneOf(Asked.Notice.class);
    if ((notify & SUCCESS) != 0) {
      notices.add(Asked.Notice.SUCCESS);
    }
    if ((notify & FAILURE) != 0) {
      notices.add(Asked.Notice.FAILURE);
    }
    if ((notify & DELAY) != 0) {
      notices.add(Asked.Notice.DELAY);
    }
    return Asked.of(notices);
  }
}
