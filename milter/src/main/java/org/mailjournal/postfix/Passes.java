package org.mailjournal.postfix;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.JournalException;
import org.mailjournal.journal.JournalReader;
import org.mailjournal.journal.MessageState;
import org.mailjournal.journal.QueueId;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.RecipientState;
import org.mailjournal.journal.Recorder;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What qmgr's requests tell, and what becomes of them. In one pass over a message they come in this
 * order (qmgr_active.c): bounce flush, after each batch of recipients in which one failed; trace,
 * where somebody wants to hear of success; defer flush when the message is too old, or defer warn.
 */
final class Passes {
  private static final Logger LOG = LoggerFactory.getLogger(Passes.class);

  private final QueuePaths paths;
  private final Recorder recorder;
  private final Clock clock;
  private final Lookup lookup;
  private final PassOddities oddities;
  private final Foundlings foundlings;
  private final BooleanSupplier receiptsReplaceReports;

  /**
   * Trace and bounce files that were read and not recorded in time. A disk that goes on takes it in
   * the end, and to the flush of an old message that follows it is no news then.
   */
  private final Set<Late> late = ConcurrentHashMap.newKeySet();

  private record Late(Service service, QueueId queueId) {}

  Passes(
      Settings settings,
      QueuePaths paths,
      Recorder recorder,
      JournalReader journal,
      Clock clock,
      BooleanSupplier receiptsReplaceReports) {
    this.paths = paths;
    this.recorder = recorder;
    this.clock = clock;
    this.lookup = new Lookup(paths, journal);
    this.oddities = new PassOddities(lookup, clock);
    this.foundlings = new Foundlings(settings.mtas(), paths, recorder, lookup, clock);
    this.receiptsReplaceReports = receiptsReplaceReports;
  }

  /** Records what the request tells; returns when it is on the disk. */
  Verdict judge(Service service, AttributeList list) {
    Optional<Request> request = Request.of(list);
    if (request.isEmpty()) {
      LOG.warn("{}: a request that names no message: {}", service.queue(), list.values().keySet());
      // Postfix's own bounce and defer know best; its trace could tell senders of our marks.
      return service == Service.TRACE ? Verdict.AGAIN : Verdict.PassOn.UNCHANGED;
    }
    try {
      return judge(service, request.get());
    } catch (Batch.NotRecorded | JournalException | IOException e) {
      if (service != Service.DEFER) {
        late.add(new Late(service, request.get().queueId()));
      }
      LOG.error(
          "{}: {} is asked to come again, nothing is lost: {}",
          request.get().queueId(),
          service.queue(),
          e.getMessage());
      return Verdict.AGAIN;
    }
  }

  private Verdict judge(Service service, Request request) throws IOException {
    boolean asked =
        switch (request.command()) {
          case FLUSH, VERP, WARN -> service != Service.TRACE;
          case TRACE -> service == Service.TRACE;
          case APPEND, ONE -> false;
        };
    if (!asked) {
      return Verdict.PassOn.UNCHANGED;
    }
    late.remove(new Late(service, request.queueId()));
    return switch (service) {
      case TRACE -> request.isVerification() ? verification(request) : trace(request);
      case BOUNCE -> bounce(request);
      case DEFER -> defer(request);
    };
  }

  /**
   * {@code sendmail -bv}: its sender gets a report of what would become of each recipient. The
   * milter has seen it as it sees mail; the probes of verify(8) no milter sees.
   */
  private Verdict verification(Request request) throws IOException {
    Batch batch = new Batch(recorder);
    lookup.find(request).subject().map(Subject::state).stream()
        .flatMap(message -> message.recipients().stream().map(row -> unsent(message, row)))
        .forEach(batch::add);
    batch.commit();
    return Verdict.PassOn.UNCHANGED;
  }

  private Event.Unreported unsent(MessageState message, RecipientState row) {
    String reason = "only asked about (sendmail -bv), and nothing was sent";
    return new Event.Unreported(now(), Source.PASS, message.key(), row.recipient(), reason);
  }

  private Lookup.Found find(Request request) {
    Lookup.Found found = lookup.find(request);
    return found.subject().isPresent() ? found : foundlings.take(request, found);
  }

  private Verdict bounce(Request request) throws IOException {
    LogFile file = new LogFile(paths.log(Service.BOUNCE, request.queueId()));
    Batch batch = new Batch(recorder);
    Lookup.Found found = find(request);
    if (found.subject().isPresent()) {
      Subject subject = found.subject().get();
      Instant now = now();
      oddities.read(
          file, subject, batch, r -> batch.add(Outcomes.of(subject, r, Status.FAILED, "", now)));
    } else {
      oddities.unknown(request, Service.BOUNCE, file, found.suffix()).ifPresent(batch::add);
    }
    batch.commit();
    return new Verdict.PassOn(file::isAsRead, () -> {});
  }

  /**
   * Expiry is not a fact before Postfix has sent its bounce: when that fails, qmgr tries the
   * recipients once more, and may succeed. So the delays are recorded first, and the failures
   * between Postfix's answer and ours. Once the bounce is out there is no way back: told to come
   * again, qmgr would deliver to whom it has bounced.
   */
  private Verdict defer(Request request) throws IOException {
    LogFile file = new LogFile(paths.log(Service.DEFER, request.queueId()));
    Batch batch = new Batch(recorder);
    Lookup.Found found = find(request);
    Verdict.Epilogue epilogue = () -> {};
    if (found.subject().isPresent()) {
      Subject subject = found.subject().get();
      boolean expires = request.command() != Request.Command.WARN;
      if (expires && (tellsWhatWasNotTold(request, subject, found.file()) || isLate(request))) {
        return Verdict.AGAIN;
      }
      if (expires) {
        epilogue = expiry(request, file, subject, found.file());
      } else {
        delays(file, subject, (record, outcome) -> {});
      }
    } else {
      oddities.unknown(request, Service.DEFER, file, found.suffix()).ifPresent(batch::add);
      batch.commit();
    }
    return new Verdict.PassOn(file::isAsRead, epilogue);
  }

  /** Asked once: told to come again, qmgr asks for both files anew. */
  private boolean isLate(Request request) {
    boolean trace = late.remove(new Late(Service.TRACE, request.queueId()));
    boolean bounce = late.remove(new Late(Service.BOUNCE, request.queueId()));
    return trace || bounce;
  }

  private Verdict.Epilogue expiry(
      Request request, LogFile file, Subject subject, QueueFile queueFile) throws IOException {
    UntoldEnds untold = new UntoldEnds(subject, queueFile);
    Function<LogRecord, Event.Outcome> delay = delays(file, subject, untold::told);
    String mta = subject.state().key().mta();
    return Expiry.of(recorder, request, mta, file, delay, untold.failures(request, file, now()));
  }

  /**
   * Records them; returns what a record of the file is.
   *
   * @param visitor sees each
   */
  private Function<LogRecord, Event.Outcome> delays(
      LogFile file, Subject subject, BiConsumer<LogRecord, Recipient> visitor) throws IOException {
    String attempt = file.attempt();
    Instant now = now();
    Batch batch = new Batch(recorder);
    Function<LogRecord, Event.Outcome> delay =
        record -> Outcomes.of(subject, record, Status.DELAYED, attempt, now);
    oddities.read(
        file,
        subject,
        batch,
        record -> {
          Event.Outcome outcome = delay.apply(record);
          visitor.accept(record, outcome.recipient());
          batch.add(outcome);
        });
    batch.commit();
    return delay;
  }

  /**
   * Whether a trace or bounce file has news that the journal could not take, or not in time, when
   * its own request came. The flush of a message that is too old comes all the same
   * (qmgr_active_done_25_generic), and behind it the message is gone: with nothing in the defer
   * file, bounce(8) would even mail a bounce of what was delivered. Told to come again, qmgr asks
   * for the trace and the bounce first.
   */
  private boolean tellsWhatWasNotTold(Request request, Subject subject, QueueFile queueFile)
      throws IOException {
    Batch batch = new Batch(recorder);
    TracePass pass = new TracePass(request, subject, batch, queueFile, false, now());
    new LogFile(paths.log(Service.TRACE, request.queueId()))
        .each(paragraph -> paragraph.record().ifPresent(pass::success));
    new LogFile(paths.log(Service.BOUNCE, request.queueId()))
        .each(
            paragraph ->
                paragraph.record().ifPresent(record -> pass.other(record, Status.FAILED, "")));
    batch.commit();
    Batch rest = new Batch(recorder);
    pass.unreported().forEach(rest::add);
    rest.commit();
    // Of what came without a mark, as by sendmail(1), no trace is asked for that could have told.
    return batch.news() > 0 || (queueFile.traced() && rest.news() > 0);
  }

  private Verdict trace(Request request) throws IOException {
    LogFile file = new LogFile(paths.log(Service.TRACE, request.queueId()));
    Batch batch = new Batch(recorder);
    Lookup.Found found = find(request);
    if (found.subject().isEmpty()) {
      return unknownTrace(request, file, found);
    }
    Subject subject = found.subject().get();
    boolean replaced = subject.awaitsReceipt() && receiptsReplaceReports.getAsBoolean();
    TracePass pass = new TracePass(request, subject, batch, found.file(), replaced, now());
    if (!found.problem().isEmpty()) {
      batch.add(oddities.of(found, request, found.problem()));
    }
    oddities.read(file, pass.subject(), batch, pass::success);
    LogFile defer = new LogFile(paths.log(Service.DEFER, request.queueId()));
    String attempt = defer.attempt();
    oddities.read(
        defer, pass.subject(), batch, record -> pass.other(record, Status.DELAYED, attempt));
    // Still there when its flush failed, or could not be recorded.
    LogFile bounce = new LogFile(paths.log(Service.BOUNCE, request.queueId()));
    oddities.read(bounce, pass.subject(), batch, record -> pass.other(record, Status.FAILED, ""));
    pass.unreported().forEach(batch::add);
    if (isWithheldInDoubt(request, pass)) {
      batch.add(oddities.withheld(pass.subject()));
    }
    batch.commit();
    return answer(request, file, pass);
  }

  /** Of what no milter told of, Postfix's files do not tell our mark from the sender's own wish. */
  private static boolean isWithheldInDoubt(Request request, TracePass pass) {
    MessageState message = pass.subject().state();
    return message.source() == Source.PASS
        && !message.sender().isNull()
        && pass.drops()
        && !request.recordsEverything();
  }

  private Verdict unknownTrace(Request request, LogFile file, Lookup.Found found)
      throws IOException {
    // Without a word from the milter the mark may be ours: then nobody asked. What came through
    // sendmail(1), and what asks for more than success, is never our doing.
    boolean theirs = found.file().local() || request.recordsEverything() || request.clearsDelays();
    Optional<Event.Oddity> told =
        oddities.unknown(
            request,
            Service.TRACE,
            file,
            found.suffix() + (theirs ? "" : "; " + PassOddities.WITHHELD));
    if (told.isEmpty()) {
      if (!new LogFile(paths.log(Service.DEFER, request.queueId())).isEmpty()) {
        LOG.info("{}: unknown to the journal, so that its delays go unrecorded", request.queueId());
      }
      return close(request, file);
    }
    Batch batch = new Batch(recorder);
    batch.add(told.get());
    batch.commit();
    return theirs ? new Verdict.PassOn(file::isAsRead, () -> {}) : close(request, file);
  }

  private Verdict answer(Request request, LogFile file, TracePass pass) throws IOException {
    boolean whole = request.recordsEverything() || pass.keepsAll();
    if (!whole && pass.kept().isEmpty()) {
      return close(request, file);
    }
    if (!whole && !file.keep(pass.kept())) {
      return overtaken(request);
    }
    return new Verdict.PassOn(file::isAsRead, () -> {});
  }

  private static Verdict close(Request request, LogFile file) {
    try {
      return file.delete() ? Verdict.DONE : overtaken(request);
    } catch (IOException e) {
      // Postfix itself removes it when the queue id is used again (cleanup_api.c).
      LOG.warn("{}: the trace file cannot be removed: {}", request.queueId(), e.toString());
      return Verdict.DONE;
    }
  }

  private static Verdict overtaken(Request request) {
    LOG.warn("{}: the next pass began before this one was answered", request.queueId());
    return Verdict.AGAIN;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
