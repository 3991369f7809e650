package org.mailjournal.relaytest;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.mailjournal.relaytest.TorturePlan.Fault;
import org.mailjournal.relaytest.TorturePlan.Kind;
import org.mailjournal.relaytest.Troubles.Trouble;

/**
 * One run: senders push, the plan's faults come, alone or two at a time, everything is mended, the
 * queue drains, and then {@link TortureJudge} compares what everybody says.
 */
final class TortureRun {
  private static final int SENDERS = 4;
  private static final int MOST_SHOWN = 100;
  private static final Duration LAST_LETTER = Duration.ofMinutes(3);

  /**
   * How it went.
   *
   * @param problems what was lost, doubled or invented, with the evidence
   */
  record Result(int accepted, List<String> problems) {
    Result {
      problems = List.copyOf(problems);
    }
  }

  private final TortureWorld.MailSystem system;
  private final TorturePlan plan;
  private final boolean isAttached;
  private final JournalCommand.Runner runner;
  private final PrintStream out;
  private final CountDownLatch over = new CountDownLatch(1);
  private final TortureSender.Notes notes = new TortureSender.Notes();
  private final List<Trouble> troubles = new ArrayList<>();

  /**
   * @param isAttached whether the MTA is attached to the journal; without it the same is done to
   *     the same daemon, and nothing is judged but how often an MTA of its own delivers twice
   */
  TortureRun(
      TortureWorld.MailSystem system,
      TorturePlan plan,
      boolean isAttached,
      JournalCommand.Runner runner,
      PrintStream out) {
    this.system = system;
    this.plan = plan;
    this.isAttached = isAttached;
    this.runner = runner;
    this.out = out;
  }

  Result run() {
    out.printf(
        "%s: seed %d, %d s, faults at %d times at most%n",
        system, plan.seed(), plan.time().toSeconds(), plan.faults().size());
    try (TortureWorld world = TortureWorld.start(system, plan.onFailure(), isAttached, runner)) {
      out.printf("  %s, the journal on %s%n", world.mta().name(), world.disk().kind());
      List<Thread> senders = startSenders(world);
      breakThings(world);
      over.countDown();
      senders.forEach(TortureRun::join);
      if (!isAttached) {
        return withoutUs(world);
      }
      TortureRest rest = TortureRest.of(world);
      List<String> problems = new ArrayList<>(rest.problems());
      TortureJudge judge = new TortureJudge(world, notes, troubles(world), rest.records());
      problems.addAll(judge.problems());
      print(judge.summary());
      problems.stream().limit(MOST_SHOWN).forEach(one -> out.println("  PROBLEM: " + one));
      if (problems.size() > MOST_SHOWN) {
        out.printf("  and %d more problems%n", problems.size() - MOST_SHOWN);
      }
      if (!problems.isEmpty()) {
        troubles.forEach(trouble -> out.println("  then: " + trouble));
        out.println("  evidence: " + TortureEvidence.keep(world, system, plan.seed()));
      }
      return new Result(notes.count(), problems);
    }
  }

  private Troubles troubles(TortureWorld world) {
    return new Troubles(troubles, world.isSendmail());
  }

  private Result withoutUs(TortureWorld world) {
    List<String> problems = TortureRest.ofQueue(world).problems();
    TortureCopies copies = new TortureCopies(world, troubles(world));
    print(
        "without the journal: %s, %d with no fault that explains it"
            .formatted(copies.summary(), copies.problems().size()));
    problems.forEach(one -> out.println("  PROBLEM: " + one));
    return new Result(notes.count(), problems);
  }

  private List<Thread> startSenders(TortureWorld world) {
    List<Thread> senders = new ArrayList<>();
    for (int i = 0; i < SENDERS; i++) {
      TortureMail mail = new TortureMail(world, plan.seed(), i);
      Random random = new Random(plan.seed() + i);
      Thread thread = Threads.daemon(new TortureSender(world, mail, notes, over, random));
      thread.start();
      senders.add(thread);
    }
    return senders;
  }

  private void breakThings(TortureWorld world) {
    long end = System.nanoTime() + plan.time().toNanos();
    for (Fault fault : plan.faults()) {
      pause(fault.after());
      if (System.nanoTime() - end > 0) {
        // Starts take their own time, the longer the busier the machine is.
        return;
      }
      List<String> reasons = reasonsToSkip(world, fault);
      if (reasons.isEmpty()) {
        inflict(world, fault);
      } else {
        out.printf("  skipped: %s: %s%n", fault.kinds(), String.join("; ", reasons));
      }
    }
  }

  private static List<String> reasonsToSkip(TortureWorld world, Fault fault) {
    return fault.kinds().stream().map(world.disk()::cannot).flatMap(Optional::stream).toList();
  }

  private void inflict(TortureWorld world, Fault fault) {
    Map<Kind, Instant> begun = new EnumMap<>(Kind.class);
    Map<Kind, Instant> struck = new EnumMap<>(Kind.class);
    for (Kind kind : fault.kinds()) {
      begun.put(kind, Instant.now());
      world.begin(kind, fault.jump(kind));
      struck.put(kind, Instant.now());
      pause(fault.length().dividedBy(fault.kinds().size()));
    }
    for (Kind kind : fault.toEnd()) {
      world.end(kind);
      troubles.add(
          new Trouble(kind, begun.get(kind), struck.get(kind), Instant.now(), fault.jump(kind)));
    }
  }

  /** The plan's own time: there is no condition to wait for. */
  private void pause(Duration length) {
    try {
      over.await(length.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static void join(Thread sender) {
    try {
      sender.join(LAST_LETTER.toMillis());
      if (sender.isAlive()) {
        throw new IllegalStateException("a sender is still at it: the MTA takes nothing more");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private void print(String summary) {
    Map<Kind, Integer> kinds = new EnumMap<>(Kind.class);
    troubles.forEach(trouble -> kinds.merge(trouble.kind(), 1, Integer::sum));
    out.printf("  faults: %s%n", kinds);
    out.printf(
        "  clients: %d messages accepted, %d times told to come again, %d connections lost%n",
        notes.count(), notes.refused(), notes.lost());
    out.printf("  %s%n", summary);
  }
}
