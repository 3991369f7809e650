package org.mailjournal.relaytest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.mailjournal.relaytest.JournalEntry.Fate;
import org.mailjournal.relaytest.JournalEntry.News;
import org.mailjournal.relaytest.Mta.LogLine;
import org.mailjournal.relaytest.TorturePlan.Kind;
import org.mailjournal.relaytest.TortureRun.Trouble;
import org.mailjournal.store.Settings;
import org.mailjournal.store.SqliteJournal;

/**
 * Compares what the clients saw, what the MTA logged, what exchangers and senders got and what the
 * journal says, when everything has come to rest.
 */
final class TortureJudge {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration SLACK = Duration.ofSeconds(10);
  private static final Set<Kind> KILLS = Set.of(Kind.MTA_KILLED, Kind.BOTH_KILLED);

  private final TortureWorld world;
  private final TortureSender.Notes notes;
  private final List<Trouble> troubles;
  private final TortureLog log;
  private final TortureCopies copies;
  private final TortureReports reports;
  private final List<String> problems = new ArrayList<>();
  private Map<String, JournalEntry> entries = Map.of();
  private int outcomes;
  private int excused;
  private int lostDeferrals;
  private int lostRefusals;

  TortureJudge(TortureWorld world, TortureSender.Notes notes, List<Trouble> troubles) {
    this.world = world;
    this.notes = notes;
    this.troubles = List.copyOf(troubles);
    awaitSettled();
    // Behind the journal's: what is written meanwhile is in both.
    this.log = TortureLog.of(world.mta());
    this.copies = new TortureCopies(world, troubles);
    this.reports = new TortureReports(notes, world.home(), wasMtaKilled());
  }

  private boolean wasMtaKilled() {
    return troubles.stream().anyMatch(t -> KILLS.contains(t.kind()));
  }

  /** Postfix's audit says what became of messages that are in no queue any more. */
  private void awaitSettled() {
    try {
      Awaitility.await("nothing open")
          .atMost(PATIENCE)
          .pollInterval(Duration.ofSeconds(1))
          .until(
              () -> {
                entries = new HashMap<>();
                world.journal().find("--limit", "1000000").forEach(e -> entries.put(key(e), e));
                return world.isSendmail()
                    || entries.values().stream().allMatch(JournalEntry::isSettled);
              });
    } catch (ConditionTimeoutException e) {
      entries.values().stream()
          .filter(entry -> !entry.isSettled())
          .forEach(entry -> problems.add("open: the queue is empty, and yet " + entry));
    }
  }

  private static String key(JournalEntry entry) {
    return entry.queueId();
  }

  List<String> problems() {
    notes.accepted().forEach(this::isKnown);
    log.messages().forEach(this::compare);
    entries.values().stream()
        .filter(entry -> !log.messages().containsKey(entry.queueId()))
        .forEach(this::claimsNothing);
    problems.addAll(copies.problems());
    problems.addAll(reports.problems());
    problems.addAll(
        SqliteJournal.verify(
            Settings.of("jdbc:sqlite:" + world.disk().directory().resolve("journal.db"))));
    problems.addAll(complaints());
    return problems;
  }

  private void isKnown(Sent sent) {
    String queueId = sent.queueId().orElse("");
    if (!entries.containsKey(queueId)) {
      problems.add("lost: the client was told " + sent.end() + ", and the journal has nothing");
    }
  }

  private void compare(String queueId, TortureLog.Message message) {
    message
        .sender()
        .ifPresent(sender -> message.lines().forEach(line -> reports.expect(sender, line)));
    outcomes += message.lines().size();
    JournalEntry known = entries.get(queueId);
    if (known == null) {
      if (message.isOverSmtp() && !message.lines().isEmpty()) {
        problems.add("lost: the journal does not know " + queueId + ": " + message.lines());
      }
      return;
    }
    JournalEntry entry = world.journal().show(known.id()).orElseThrow();
    List<LogLine> lines = explained(message, entry);
    List<String> differences =
        world.isSendmail()
            ? SendmailOracle.differences(lines, entry)
            : Oracle.differences(lines, entry, Oracle.Told.EVERYTHING);
    differences.forEach(d -> problems.add(queueId + ": " + d + "\n      " + message.evidence()));
  }

  /**
   * The log without what nobody could tell us, and with what a killed MTA could not log, in the
   * order in which it came to pass.
   */
  private List<LogLine> explained(TortureLog.Message message, JournalEntry entry) {
    TreeMap<Integer, List<LogLine>> lines = new TreeMap<>();
    List<News> news = new ArrayList<>(entry.events());
    int place = 0;
    for (LogLine line : message.lines()) {
      Optional<News> same = news.stream().filter(n -> isSame(line, n)).findFirst();
      same.ifPresent(news::remove);
      place = same.map(n -> entry.events().indexOf(n)).orElse(place);
      if (same.isEmpty() && wasAnsweredFromTheJournal(line, entry)) {
        excused++;
        heard(line, news)
            .ifPresent(
                n -> {
                  news.remove(n);
                  lines
                      .computeIfAbsent(entry.events().size(), any -> new ArrayList<>())
                      .add(line(n, entry));
                });
      } else if (same.isEmpty()
          && (message.mayBeUntold(line) || wasUnwritable(line) || endedWithTheRelay(line))) {
        excused++;
      } else {
        lines.computeIfAbsent(place, any -> new ArrayList<>()).add(line);
      }
    }
    for (News unlogged : news) {
      if (isUnlogged(unlogged, entry)) {
        excused++;
        lines
            .computeIfAbsent(entry.events().indexOf(unlogged), any -> new ArrayList<>())
            .add(line(unlogged, entry));
      }
    }
    return lines.values().stream().flatMap(List::stream).toList();
  }

  /**
   * Whether sendmail came again with what a next hop had taken: it logs what it was answered then,
   * which for a recipient among others can be the words that the next hop had for those.
   */
  private boolean wasAnsweredFromTheJournal(LogLine line, JournalEntry entry) {
    return world.isSendmail()
        && line.status().equals("sent")
        && entry.events().stream()
            .filter(n -> n.kind().equals("oddity"))
            .anyMatch(
                n ->
                    n.reason()
                        .filter(r -> r.startsWith("the MTA came again with a message for <"))
                        .filter(r -> r.contains("for <" + line.to() + ">"))
                        .isPresent());
  }

  /** What sendmail had not heard the first time. */
  private static Optional<News> heard(LogLine line, List<News> news) {
    return news.stream()
        .filter(n -> n.kind().equals("relayed"))
        .filter(n -> n.recipient().filter(line.to()::equalsIgnoreCase).isPresent())
        .findFirst();
  }

  /**
   * Whether the relay passed on what a next hop took, could write it nowhere, and was killed: the
   * one loss that doc/INTERNALS.md names.
   */
  private boolean wasUnwritable(LogLine line) {
    return world.isSendmail()
        && line.status().equals("sent")
        && copies
            .of(line.queueId(), line.to(), line.text())
            .filter(copy -> isAround(copy.at(), Set.of(Kind.DISK_FAILED)))
            .isPresent();
  }

  /**
   * The relay records what was refused at RCPT with the content, which has the queue id. Killed in
   * between, or with a journal that cannot commit, it loses the words (doc/INTERNALS.md).
   */
  private boolean endedWithTheRelay(LogLine line) {
    boolean deferred = line.status().equals("deferred");
    boolean refused = line.status().equals("bounced") && wasRelayKilled();
    if (!world.isSendmail() || !(deferred || refused)) {
      return false;
    }
    lostDeferrals += deferred ? 1 : 0;
    lostRefusals += refused ? 1 : 0;
    return true;
  }

  private boolean wasRelayKilled() {
    return troubles.stream().anyMatch(t -> mayBeUnlogged(t.kind()));
  }

  private boolean isAround(Instant time, Set<Kind> kinds) {
    return troubles.stream().anyMatch(t -> kinds.contains(t.kind()) && t.isAround(time, SLACK));
  }

  private boolean isSame(LogLine line, News news) {
    return world.isSendmail()
        ? SendmailOracle.differences(List.of(line), only(news)).isEmpty()
        : Likeness.isSame(line, news);
  }

  private static JournalEntry only(News news) {
    return new JournalEntry(
        "",
        "",
        "",
        Optional.empty(),
        "",
        Optional.empty(),
        new JournalEntry.Peer(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
        0,
        List.of(),
        List.of(),
        List.of(news));
  }

  /** Whether the MTA was killed, or lost the relay, between what was done and its log's line. */
  private boolean isUnlogged(News news, JournalEntry entry) {
    boolean outcome = Set.of("relayed", "delivered", "failed", "delayed").contains(news.kind());
    boolean killed =
        outcome
            && news.at()
                .filter(
                    at ->
                        troubles.stream()
                            .anyMatch(t -> mayBeUnlogged(t.kind()) && t.isAround(at, SLACK)))
                .isPresent();
    return killed
        && (!news.kind().equals("relayed")
            || copies.has(entry.queueId(), news.recipient().orElse(""), news.reply().orElse("")));
  }

  private boolean mayBeUnlogged(Kind kind) {
    return KILLS.contains(kind)
        || (world.isSendmail()
            && Set.of(Kind.DAEMON_KILLED, Kind.CONNECTIONS_CUT, Kind.DISK_FAILED).contains(kind));
  }

  /** The line that the MTA would have logged. */
  private LogLine line(News news, JournalEntry entry) {
    String status =
        switch (news.kind()) {
          case "delayed" -> "deferred";
          case "failed" -> "bounced";
          default -> "sent";
        };
    String text = news.reason().or(news::reply).orElse("");
    String relay = "[127.0.0.1] [127.0.0.1]";
    if (world.isSendmail()) {
      text = news.reply().orElse("").replaceFirst("^[0-9]{3} [0-9.]+ ", "");
    } else {
      String address = news.remoteAddress().orElse("");
      int colon = Math.max(0, address.lastIndexOf(':'));
      String host = "[" + address.substring(0, colon) + "]" + address.substring(colon);
      relay = address.isEmpty() ? "none" : news.remoteMta().orElse("") + host;
      text = status.equals("sent") ? news.reply().orElse("") : text;
    }
    return new LogLine(
        entry.queueId(),
        news.recipient().orElse(""),
        news.original().orElse(""),
        relay,
        news.dsn().orElse(""),
        status,
        text);
  }

  /** A message that was never queued, or whose whole log was lost with the MTA. */
  private void claimsNothing(JournalEntry entry) {
    for (Fate fate : entry.recipients()) {
      boolean claims = Set.of("relayed", "delivered").contains(fate.status());
      if (claims && !copies.hasAny(entry.queueId(), fate.address())) {
        problems.add("invented: nobody has a copy of " + entry.queueId() + " for " + fate);
      }
    }
  }

  /** Mistakes of ours that the daemon's log tells of. */
  private List<String> complaints() {
    try (Stream<String> lines = Files.lines(world.daemon().log(), StandardCharsets.ISO_8859_1)) {
      return lines
          .filter(
              line ->
                  line.matches(
                      ".*(NullPointer|IllegalState|IllegalArgument|ClassCast|OutOfBounds"
                          + "|NoSuchElement|OutOfMemory|StackOverflow|AssertionError).*"))
          .distinct()
          .limit(20)
          .map(line -> "the daemon's log: " + line)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String summary() {
    String relay =
        world.isSendmail()
            ? "; with the relay's end %d copies came twice, %d deferrals and %d refusals were lost"
                .formatted(copies.ofTheRelay(), lostDeferrals, lostRefusals)
            : "";
    return ("log: %d outcomes, of which %d could not be told or not be logged; journal: %d"
                + " messages; %d copies arrived; %d reports")
            .formatted(outcomes, excused, entries.size(), copies.total(), reports.total())
        + relay;
  }
}
