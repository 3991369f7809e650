package org.mailjournal.postfix;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.mailjournal.journal.Address;
import org.mailjournal.journal.Event;
import org.mailjournal.journal.Recipient;
import org.mailjournal.journal.RecipientState;
import org.mailjournal.journal.Source;
import org.mailjournal.journal.Status;

/**
 * The end of one pass: who has a record in it, whose record the sender is to hear of, and who is
 * done without one.
 */
final class TracePass {
  private final Request request;
  private final Subject subject;
  private final Batch batch;
  private final QueueFile file;
  private final Set<Recipient> targets = new HashSet<>();
  private final Set<Address> replacedByOthers = new HashSet<>();
  private final Map<Long, Recipient> underWay = new HashMap<>();
  private final boolean replaced;
  private final Instant at;
  private final Set<Recipient> reported = new HashSet<>();

  /** Where those stand in the queue file of whom this pass has a record. */
  private final Set<Long> reportedAt = new HashSet<>();

  private final Map<Recipient, Integer> given = new HashMap<>();
  private final List<LogFile.Range> kept = new ArrayList<>();
  private boolean dropped;

  /**
   * Of one pass.
   *
   * @param file what its queue file says
   * @param replaced whether our receipt tells the sender of success in Postfix's place
   */
  TracePass(
      Request request, Subject subject, Batch batch, QueueFile file, boolean replaced, Instant at) {
    this.request = request;
    this.subject = subject;
    this.batch = batch;
    this.file = file;
    this.replaced = replaced;
    this.at = at;
  }

  Subject subject() {
    return subject;
  }

  /** A record of the trace file. */
  void success(LogRecord record) {
    Recipient recipient = subject.recipient(record);
    Optional<Status> status = Outcomes.ofAction(record.action());
    Optional<Status> fate = status.map(action -> Outcomes.fate(action, record));
    if (fate.isPresent() && !isNoEnd(fate.get(), record, recipient)) {
      reported.add(recipient);
      record.offset().ifPresent(reportedAt::add);
      batch.add(Outcomes.of(subject, record, fate.get(), "", at));
    } else if (status.isEmpty() && !isToldElsewhere(record.action())) {
      batch.add(
          Event.Oddity.of(
              at,
              Source.PASS,
              Optional.of(subject.state().key()),
              "pass",
              "trace: expected relayed, delivered or expanded, got action='"
                  + record.action()
                  + "' for "
                  + recipient.address(),
              record.values().toString().getBytes(StandardCharsets.UTF_8)));
    }
    if (isForSender(record, recipient)) {
      kept.add(new LogFile.Range(record.start(), record.end()));
    } else {
      dropped = true;
    }
  }

  private boolean isNoEnd(Status fate, LogRecord record, Recipient recipient) {
    return isPartOfOneUnderWay(record, recipient)
        || (fate == Status.EXPANDED && (isUnderWay(record) || isItsOwnTarget(recipient)));
  }

  /**
   * Whether Postfix goes on with it. local(8) says {@code expanded} also of an alias of which a
   * target was put off, and serves all of its targets again in the next pass (alias.c).
   */
  private boolean isUnderWay(LogRecord record) {
    readFile();
    return record.offset().filter(underWay::containsKey).isPresent();
  }

  /**
   * Where each delivery is recorded, local(8) tells of each program, file and mailbox of an alias
   * under the alias's name, without SUCCESS, and does all of it again as long as one is put off.
   * What another mail system took is no part of it: smtp(8) died behind that record.
   */
  private boolean isPartOfOneUnderWay(LogRecord record, Recipient recipient) {
    if (record.notifiesSuccess() || record.text("mta_mname").isPresent()) {
      return false;
    }
    readFile();
    return record.offset().map(underWay::get).filter(recipient::equals).isPresent();
  }

  /** Of an alias with several targets, itself among them, as who wants a copy elsewhere has it. */
  private boolean isItsOwnTarget(Recipient alias) {
    readFile();
    return targets.contains(alias) && replacedByOthers.contains(alias.address());
  }

  /** Once for a pass: it may tell of as many aliases as the file has recipients. */
  private void readFile() {
    if (targets.isEmpty()) {
      for (QueueRecipient one : file.recipients()) {
        Recipient target = subject.recipient(one);
        targets.add(target);
        target.original().ifPresent(replacedByOthers::add);
        if (!one.done()) {
          underWay.put(one.offset(), target);
        }
      }
    }
  }

  /** {@code sendmail -v} repeats here what the bounce and defer files tell better. */
  private static boolean isToldElsewhere(String action) {
    return switch (action) {
      case "failed", "delayed", "deliverable", "undeliverable" -> true;
      default -> false;
    };
  }

  /** A record of the defer or bounce file. */
  void other(LogRecord record, Status status, String attempt) {
    Event.Outcome outcome = Outcomes.of(subject, record, status, attempt, at);
    reported.add(outcome.recipient());
    record.offset().ifPresent(reportedAt::add);
    batch.add(outcome);
  }

  /**
   * Whether the sender would have had this record without us. Agents write one for NOTIFY=SUCCESS
   * and, after a delay warning with {@code confirm_delay_cleared}, another for the delay (sent.c).
   * What local(8) does for an alias has lost SUCCESS: it was written for the delay alone, which is
   * the sender's own wish.
   */
  private boolean isForSender(LogRecord record, Recipient recipient) {
    boolean success = !replaced && subject.asksSuccess(recipient);
    if (!request.clearsDelays() || Outcomes.isExpansion(record)) {
      return success;
    }
    if (!record.notifiesSuccess()) {
      return true;
    }
    int due = (success ? 1 : 0) + (subject.asksDelay(recipient) ? 1 : 0);
    return given.merge(recipient, 1, Integer::sum) <= due;
  }

  /** Whether the sender is not to hear of all that is in the trace file. */
  boolean drops() {
    return dropped;
  }

  boolean keepsAll() {
    return !dropped && !kept.isEmpty();
  }

  List<LogFile.Range> kept() {
    return kept;
  }

  /** Those with whom Postfix is done, and no record of this pass or an earlier one says how. */
  List<Event.Unreported> unreported() {
    Set<Recipient> known = new HashSet<>(reported);
    for (RecipientState state : subject.state().recipients()) {
      if (state.status().isFinal()) {
        known.add(state.recipient());
      }
    }
    Set<Recipient> inFile = new HashSet<>();
    Map<Address, Integer> accepted = new HashMap<>();
    for (QueueRecipient one : file.recipients()) {
      Recipient recipient = subject.recipient(one);
      inFile.add(recipient);
      accepted.merge(recipient.accepted(), 1, Integer::sum);
    }
    Set<Address> renamed = renamed(known, inFile, accepted);
    List<Event.Unreported> events = new ArrayList<>();
    for (QueueRecipient one : file.recipients()) {
      Recipient recipient = subject.recipient(one);
      boolean isTold =
          one.traced()
              && subject.isMarked(recipient)
              && (reportedAt.contains(one.offset()) || renamed.contains(recipient.accepted()));
      if (one.done() && !isTold && known.add(recipient)) {
        events.add(unreported(recipient, "done with, and no delivery agent told how"));
      }
    }
    if (file.isFinished()) {
      Set<Address> replaced = new HashSet<>(accepted.keySet());
      reported.forEach(recipient -> recipient.original().ifPresent(replaced::add));
      addRest(known, inFile, replaced, events);
    }
    return events;
  }

  /**
   * Those whom a delivery agent knows by a name that is not in the queue file (luser_relay, a route
   * in the local part), where nobody else of the file can be meant: a record of an earlier pass, or
   * of a bounce that is out, no longer says where it stands. It speaks for one that is traced:
   * there an alias has a record of its own, and no target is taken for it.
   */
  private static Set<Address> renamed(
      Set<Recipient> known, Set<Recipient> inFile, Map<Address, Integer> accepted) {
    return known.stream()
        .filter(recipient -> recipient.original().isPresent() && !inFile.contains(recipient))
        .map(Recipient::accepted)
        .filter(address -> accepted.getOrDefault(address, 0) == 1)
        .collect(Collectors.toSet());
  }

  /** The message is done with: so is whoever does not stand in its queue file. */
  private void addRest(
      Set<Recipient> known,
      Set<Recipient> inFile,
      Set<Address> replaced,
      List<Event.Unreported> events) {
    for (RecipientState state : subject.state().recipients()) {
      Recipient recipient = state.recipient();
      if (known.contains(recipient) || inFile.contains(recipient)) {
        continue;
      }
      boolean isReplaced = replaced.contains(recipient.accepted());
      if (!isReplaced) {
        events.add(unreported(recipient, "not in the queue file: a duplicate, or taken out of it"));
      } else if (recipient.original().isPresent()) {
        // A target of a local(8) alias, as a rule: of its success there is no record (alias.c).
        events.add(unreported(recipient, "put off before, and no delivery agent told of its end"));
      } else if (!subject.isMarked(recipient)) {
        events.add(unreported(recipient, "delivered to under other addresses"));
      }
      // A marked one that was replaced has its "expanded" record, or is the same under a new name.
    }
  }

  private Event.Unreported unreported(Recipient recipient, String reason) {
    return new Event.Unreported(at, Source.PASS, subject.state().key(), recipient, reason);
  }
}
