package org.mailjournal.relaytest;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mailjournal.relaytest.Mta.LogLine;
import org.mailjournal.relaytest.TorturePlan.Kind;
import org.mailjournal.relaytest.Troubles.Trouble;

/** What a mail system logged of one message, pass by pass. */
final class LoggedMessage {
  /** Postfix logs whole seconds. */
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** From the begin of one pass to that of the next. */
  private static final class Pass {
    private final List<LogLine> lines = new ArrayList<>();
    private Optional<Instant> begin = Optional.empty();
    private Optional<Instant> last = Optional.empty();
    private boolean removed;
    private boolean untold;

    private List<LogLine> deferrals() {
      return lines.stream().filter(line -> line.status().equals("deferred")).toList();
    }
  }

  private final String queueId;
  private final List<LogLine> lines = new ArrayList<>();
  private final List<LogLine> untold = new ArrayList<>();
  private final List<Pass> passes = new ArrayList<>(List.of(new Pass()));
  private final List<String> raw = new ArrayList<>();
  private Optional<String> sender = Optional.empty();
  private Optional<String> messageId = Optional.empty();
  private boolean overSmtp;

  LoggedMessage(String queueId) {
    this.queueId = queueId;
  }

  String queueId() {
    return queueId;
  }

  /** With its angle brackets; empty where none was logged. */
  Optional<String> messageId() {
    return messageId;
  }

  List<LogLine> lines() {
    return lines;
  }

  Optional<String> sender() {
    return sender;
  }

  boolean isOverSmtp() {
    return overSmtp;
  }

  /** All that was logged of it, word by word. */
  String evidence() {
    return String.join("\n      ", raw);
  }

  /** The deferrals that nobody could tell the journal of, as the crash table says; how many. */
  Map<LogLine, Integer> untold(Troubles troubles, Set<Kind> kills) {
    List<Trouble> all = troubles.of(kills);
    Map<LogLine, Integer> count = new HashMap<>();
    untold.forEach(line -> count.merge(line, 1, Integer::sum));
    passes.stream()
        .filter(pass -> pass.untold || all.stream().anyMatch(k -> isCutOff(pass, k, troubles)))
        .flatMap(pass -> pass.deferrals().stream())
        .forEach(line -> count.merge(line, 1, Integer::sum));
    return count;
  }

  /** Whether the pass was under way when the MTA was killed, or had ended so shortly before. */
  private boolean isCutOff(Pass pass, Trouble kill, Troubles troubles) {
    if (pass.removed || pass.last.isEmpty()) {
      return false;
    }
    boolean hadBegun = !pass.begin.or(() -> pass.last).get().isAfter(kill.struck());
    int next = passes.indexOf(pass) + 1;
    boolean isLast =
        next == passes.size()
            || passes.get(next).begin.filter(at -> at.plus(SECOND).isBefore(kill.from())).isEmpty();
    Instant told = troubles.answered(pass.last.get().plus(SECOND));
    return hadBegun && isLast && !told.isBefore(kill.from());
  }

  private Pass pass() {
    return passes.get(passes.size() - 1);
  }

  void add(LogLine line, Optional<Instant> at) {
    lines.add(line);
    pass().lines.add(line);
    pass().last = at.or(() -> pass().last);
  }

  void keep(String line) {
    raw.add(line);
  }

  void cameFrom(String address) {
    sender = Optional.of(address);
  }

  void cameOverSmtp() {
    overSmtp = true;
  }

  void hasMessageId(String id) {
    messageId = Optional.of(id).filter(text -> !text.isEmpty());
  }

  void beginPass(Optional<Instant> at) {
    passes.add(new Pass());
    pass().begin = at;
  }

  /** Of this pass the journal was not there to be told, or it could not commit. */
  void excusePass() {
    pass().untold = true;
  }

  void excuse(LogLine line) {
    untold.add(line);
  }

  /** The queue manager is done with it: the journal has told it so. */
  void end() {
    pass().removed = true;
  }
}
