package org.mailjournal.relaytest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
      Pattern.compile("emergency file .* cannot be written|the MTA came again with a message for");

  /** Its first pass can be told before the milter's own event is committed. */
  private static final Pattern UNKNOWN = Pattern.compile("so that its delays go unrecorded");

  private final TortureWorld world;
  private final TortureSender.Notes notes;
  private final Map<String, JournalEntry> entries;
  private final TortureLog log;
  private final TortureCopies copies;
  private final TortureReports reports;
  private final TortureReceipts receipts;
  private final TortureArrivals arrivals;
  private final TortureExcuses excuses;
  private final TortureGaps gaps;
  private final List<String> unknown;
  private final Set<String> covered = new HashSet<>();
  private final List<String> problems = new ArrayList<>();
  private int outcomes;

  TortureJudge(
      TortureWorld world,
      TortureSender.Notes notes,
      Troubles troubles,
      Map<String, JournalEntry> entries) {
    this.world = world;
    this.notes = notes;
    this.entries = entries;
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
    this.excuses = new TortureExcuses(world.isSendmail(), troubles, copies, daemonSays(REPLIES));
    this.gaps = TortureGaps.of(world.settings());
    this.unknown = daemonSays(UNKNOWN);
  }

  List<String> problems() {
    notes.accepted().forEach(this::isKnown);
    log.messages().forEach(this::compare);
    entries.values().stream()
        .filter(entry -> !log.messages().containsKey(entry.queueId()))
        .forEach(this::claimsNothing);
    problems.addAll(copies.problems());
    problems.addAll(arrivals.problems());
    problems.addAll(excuses.problems());
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
    String queueId = accepted.queueId();
    if (entries.containsKey(queueId)) {
      return;
    }
    if (world.mayPassUnrecorded() && gaps.cover(queueId, accepted.at())) {
      covered.add(queueId);
    } else {
      problems.add(
          "lost: the client was told "
              + accepted.sent().end()
              + " at "
              + accepted.at()
              + ", and the journal has nothing");
    }
  }

  private void compare(String queueId, TortureLog.Message message) {
    message
        .sender()
        .ifPresent(sender -> message.lines().forEach(line -> reports.expect(sender, line)));
    outcomes += message.lines().size();
    JournalEntry known = entries.get(queueId);
    if (known == null) {
      if (message.isOverSmtp() && !message.lines().isEmpty() && !covered.contains(queueId)) {
        problems.add("lost: the journal does not know " + queueId + ": " + message.lines());
      }
      return;
    }
    if (world.mayPassUnrecorded() && (gaps.tell(queueId) || isUnknown(queueId))) {
      return;
    }
    JournalEntry entry = world.journal().show(known.id()).orElseThrow();
    receipts.expect(entry);
    arrivals.expect(entry);
    List<LogLine> lines = excuses.explained(message, entry);
    List<String> differences =
        world.isSendmail()
            ? SendmailOracle.differences(lines, entry)
            : Oracle.differences(lines, entry, Oracle.Told.EVERYTHING);
    differences.forEach(d -> problems.add(queueId + ": " + d + "\n      " + message.evidence()));
  }

  /** A message that was never queued, or whose whole log was lost with the MTA. */
  private void claimsNothing(JournalEntry entry) {
    receipts.expectOfNone(world.journal().show(entry.id()).orElseThrow());
    for (Fate fate : entry.recipients()) {
      boolean claims = Set.of("relayed", "delivered").contains(fate.status());
      if (claims && !copies.hasAny(entry.queueId(), fate.address())) {
        problems.add("invented: nobody has a copy of " + entry.queueId() + " for " + fate);
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
                .formatted(copies.ofTheRelay(), excuses.lostDeferrals(), excuses.lostRefusals())
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
                entries.size(),
                copies.summary(),
                arrivals.compared(),
                reports.total(),
                receipts.total())
        + relay
        + passed;
  }
}
