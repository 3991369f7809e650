package org.mailjournal.relaytest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.mailjournal.relaytest.JournalEntry.Fate;
import org.mailjournal.relaytest.Mta.LogLine;
import org.mailjournal.relaytest.TorturePlan.Kind;
import org.mailjournal.store.SqliteJournal;

/**
 * Compares what the clients saw, what the MTA logged, what exchangers and senders got and what the
 * journal says, when everything has come to rest.
 */
final class TortureJudge {
  private static final Pattern MISTAKE =
      Pattern.compile(
          "NullPointer|IllegalState|IllegalArgument|ClassCast|OutOfBounds"
              + "|NoSuchElement|OutOfMemory|StackOverflow|AssertionError");

  private static final Pattern REPLIES =
      Pattern.compile(
          "emergency file .* cannot be written|the MTA came again with a message for"
              + "|transaction of .* without a queue id");

  /** Its first pass can be told before the milter's own event is committed. */
  private static final Pattern UNKNOWN = Pattern.compile("so that its delays go unrecorded");

  private final TortureWorld world;
  private final TortureSender.Notes notes;
  private final Troubles troubles;
  private final TortureRecords records;
  private final TortureLog log;
  private final TortureCopies copies;
  private final TortureReports reports;
  private final TortureReceipts receipts;
  private final TortureArrivals arrivals;
  private final TortureExcuses excuses;
  private final TortureGaps gaps;
  private final List<String> unknown;
  private final Set<String> covered = new HashSet<>();

  /** The journal's ids of messages that the log has, too. */
  private final Set<String> logged = new HashSet<>();

  private final List<String> problems = new ArrayList<>();
  private int outcomes;

  TortureJudge(
      TortureWorld world, TortureSender.Notes notes, Troubles troubles, TortureRecords records) {
    this.world = world;
    this.notes = notes;
    this.troubles = troubles;
    this.records = records;
    // Behind the journal's: what is written meanwhile is in both.
    this.log = TortureLog.of(world.mta());
    boolean mtaWasKilled = troubles.any(TortureExcuses.KILLS);
    boolean mayComeTwice =
        mtaWasKilled || troubles.any(Set.of(Kind.EXCHANGERS_GONE)) || world.isSendmail();
    this.copies = new TortureCopies(world, troubles);
    this.arrivals =
        new TortureArrivals(
            notes.accepted(),
            copies,
            mtaWasKilled && world.isSendmail(),
            world.one(),
            world.two(),
            world.home());
    this.reports = new TortureReports(notes, world.home(), mtaWasKilled);
    this.receipts = new TortureReceipts(notes, world.home(), mayComeTwice);
    this.gaps = TortureGaps.of(world.settings());
    this.excuses =
        new TortureExcuses(
            world.isSendmail(), troubles, copies, daemonSays(REPLIES), gaps.oddities(), log);
    this.unknown = daemonSays(UNKNOWN);
  }

  List<String> problems() {
    notes.accepted().forEach(this::isKnown);
    log.messages().forEach(this::compare);
    records.all().filter(entry -> !logged.contains(entry.id())).forEach(this::claimsNothing);
    problems.addAll(copies.problems());
    problems.addAll(arrivals.problems());
    problems.addAll(excuses.losses().problems());
    problems.addAll(notes.problems());
    problems.addAll(reports.problems());
    problems.addAll(receipts.problems());
    problems.addAll(SqliteJournal.verify(world.settings()));
    problems.addAll(complaints());
    return problems;
  }

  private boolean isUnknown(String queueId) {
    return unknown.stream().anyMatch(line -> line.contains(queueId));
  }

  private void isKnown(TortureSender.Accepted accepted) {
    Optional<String> lack = records.lacks(accepted);
    if (lack.isPresent()
        && world.mayPassUnrecorded()
        && gaps.cover(accepted.queueId(), accepted.at())) {
      covered.add(accepted.queueId());
    } else {
      lack.ifPresent(problems::add);
    }
  }

  private void compare(LoggedMessage message) {
    String queueId = message.queueId();
    message
        .sender()
        .ifPresent(sender -> message.lines().forEach(line -> reports.expect(sender, line)));
    outcomes += message.lines().size();
    Optional<JournalEntry> known = records.of(message);
    if (known.isEmpty()) {
      if (message.isOverSmtp() && !message.lines().isEmpty() && !covered.contains(queueId)) {
        problems.add(
            "lost: the journal does not know %s with %s: %s"
                .formatted(queueId, message.messageId().orElse("any"), message.lines()));
      }
      return;
    }
    logged.add(known.get().id());
    if (world.mayPassUnrecorded() && (gaps.tell(queueId) || isUnknown(queueId))) {
      return;
    }
    JournalEntry entry = world.journal().show(known.get().id()).orElseThrow();
    boolean isFoundling = entry.events().get(0).source().equals("pass");
    if (isFoundling) {
      // Without the receipt that its sender would have had.
      receipts.expectOfNone(entry);
    } else {
      receipts.expect(entry);
    }
    if (isFoundling && message.isOverSmtp() && !world.mayPassUnrecorded()) {
      problems.add("past the milter: " + queueId + " is known from its queue file only");
    }
    arrivals.expect(entry);
    List<LogLine> lines = excuses.explained(message, entry);
    List<String> differences =
        world.isSendmail()
            ? SendmailOracle.differences(lines, entry)
            : Oracle.differences(lines, entry, told(message, isFoundling));
    differences.forEach(d -> problems.add(queueId + ": " + d + "\n      " + message.evidence()));
  }

  /** Bounces, and what local(8) forwards, are known once they fail or are put off; unmarked. */
  private static Oracle.Told told(LoggedMessage message, boolean isFoundling) {
    return isFoundling && !message.isOverSmtp() ? Oracle.Told.NO_SUCCESS : Oracle.Told.EVERYTHING;
  }

  /** A message that was never queued, or whose whole log was lost with the MTA. */
  private void claimsNothing(JournalEntry entry) {
    receipts.expectOfNone(world.journal().show(entry.id()).orElseThrow());
    for (Fate fate : entry.recipients()) {
      boolean isThere =
          switch (fate.status()) {
            case "relayed", "delivered" -> copies.hasAny(entry, fate.address());
            case "failed" -> !copies.refused(fate.address()).isEmpty();
            default -> true;
          };
      if (!isThere) {
        problems.add("invented: nobody heard of " + entry.queueId() + " for " + fate);
      }
    }
  }

  /** Mistakes of ours that the daemon's log tells of. */
  private List<String> complaints() {
    return daemonSays(MISTAKE).stream()
        .distinct()
        .limit(20)
        .map(line -> "the daemon's log: " + line)
        .toList();
  }

  private List<String> daemonSays(Pattern what) {
    try (Stream<String> lines = Files.lines(world.daemon().log(), StandardCharsets.ISO_8859_1)) {
      return lines.filter(line -> what.matcher(line).find()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String summary() {
    String relay =
        world.isSendmail()
            ? "; with the relay's end %d copies came twice, %d deferrals and %d refusals were lost"
                .formatted(
                    copies.ofTheRelay(), excuses.losses().deferrals(), excuses.losses().refusals())
            : "";
    String passed =
        world.mayPassUnrecorded()
            ? "; %d messages passed unrecorded, and the journal says so".formatted(gaps.covered())
            : "";
    return ("log: %d outcomes, of which %d could not be told or not be logged; journal: %d"
                + " messages; %s; the text of %d compared; %d reports; %d receipts")
            .formatted(
                outcomes,
                excuses.excused(),
                records.count(),
                copies.summary(),
                arrivals.compared(),
                reports.total(),
                receipts.total())
        + relay
        + passed
        + force();
  }

  /** Where the judge can be blind: the parts of the run that excuses reach. */
  private String force() {
    Set<Kind> relay = TortureExcuses.ENDS_OF_THE_RELAY;
    String reached =
        "; near enough to excuse what is not logged: an MTA's death in %d %% of the run"
            .formatted(troubles.percent(at -> troubles.isAround(at, TortureExcuses.KILLS)));
    String copy =
        "; a second copy: a fault in %d %%"
            .formatted(troubles.percent(at -> troubles.isAround(at, TortureCopies.EXCUSES)));
    return world.isSendmail()
        ? reached
            + ", the relay's end in %d %%"
                .formatted(troubles.percent(at -> troubles.isAround(at, relay)))
            + copy
        : reached + copy;
  }
}
