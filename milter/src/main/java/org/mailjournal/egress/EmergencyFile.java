package org.mailjournal.egress;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Outcomes that the MTA was told although the journal could not take them: the next hop has the
 * message, and asking the MTA to try again would deliver it twice. They wait here, on the disk,
 * until the journal takes them. Recording is idempotent, so a crash half way through a replay costs
 * nothing.
 *
 * <p>A full disk is the likeliest reason that the journal cannot take them ({@link LineFile}). What
 * finds no place even so is kept in memory, and tried again with every replay.
 */
final class EmergencyFile {
  private static final Logger LOG = LoggerFactory.getLogger(EmergencyFile.class);
  private static final int MOST_IN_MEMORY = 10_000;

  /** Of those in memory. Of the file it is what a block of it holds, some hundreds. */
  private static final int AT_ONCE = 500;

  private final Path path;
  private final LineFile file;
  private final Deque<Batch> inMemory = new ArrayDeque<>();
  private final Set<Batch> refused = new HashSet<>();

  EmergencyFile(Path path) {
    this.path = path;
    this.file = new LineFile(path);
  }

  /** Keeps room for what may have to wait, and tells what waits already. */
  void prepare(Consumer<Batch> waiting) {
    try {
      file.prepare();
    } catch (IOException noRoom) {
      LOG.warn("egress: no room can be kept in {}: {}", path, noRoom.toString());
    }
    try {
      LineFile.Block block;
      long position = 0;
      do {
        block = file.read(position);
        block.lines().forEach(line -> BatchCodec.batch(line.text()).ifPresent(waiting));
        position = block.next();
      } while (!block.isLast());
    } catch (IOException unreadable) {
      LOG.error("egress: emergency file {} cannot be read", path, unreadable);
    }
  }

  /** Writes it behind the others, to the disk. Does not wait for a replay. */
  void append(Batch batch) {
    try {
      file.append(BatchCodec.line(batch));
    } catch (IOException noPlace) {
      // The log may lie on another disk: it is all that is left when we die before the replay.
      LOG.error(
          "egress: emergency file {} cannot be written ({}); until the journal can, only memory and"
              + " this log have: {}",
          path,
          noPlace.toString(),
          words(batch));
      synchronized (inMemory) {
        if (inMemory.size() < MOST_IN_MEMORY) {
          inMemory.add(batch);
        } else {
          LOG.error("egress: memory has no room for it either: it will not be recorded");
        }
      }
    }
  }

  private static String words(Batch batch) {
    return batch.outcomes().stream()
        .map(
            o ->
                "%s: to=<%s>, status=%s, %s"
                    .formatted(
                        o.message().queueId(),
                        o.recipient().address(),
                        o.status().word(),
                        o.reply().or(o::reason).orElse("")))
        .collect(Collectors.joining("; "));
  }

  /**
   * Hands batches to the journal, oldest first and many at once, and forgets what it has taken.
   * What it refuses for good is kept for a journal that has been mended, and holds up nothing else.
   */
  synchronized void replay(Function<List<Batch>, Commits.Result> journal) {
    try {
      if (replayMemory(journal)) {
        replayFile(journal);
      }
    } catch (ClosedByInterruptException stopping) {
      LOG.debug("egress: emergency file {} is left for the next start", path);
    } catch (IOException unreadable) {
      LOG.error("egress: emergency file {} cannot be read", path, unreadable);
    }
  }

  private boolean replayMemory(Function<List<Batch>, Commits.Result> journal) {
    List<Batch> all;
    synchronized (inMemory) {
      all = List.copyOf(inMemory);
    }
    boolean more = true;
    for (int from = 0; more && from < all.size(); from += AT_ONCE) {
      Handed handed = hand(all.subList(from, Math.min(from + AT_ONCE, all.size())), journal);
      synchronized (inMemory) {
        inMemory.removeAll(handed.taken());
      }
      more = handed.more();
    }
    return more;
  }

  private void replayFile(Function<List<Batch>, Commits.Result> journal) throws IOException {
    boolean more;
    boolean erased = false;
    long position = 0;
    LineFile.Block block;
    // What is appended meanwhile waits for the next time.
    do {
      block = file.read(position);
      List<LineFile.Line> done = new ArrayList<>();
      more = replay(block.lines(), journal, done);
      if (!done.isEmpty()) {
        file.erase(done);
        erased = true;
      }
      position = block.next();
    } while (more && !block.isLast());
    if (erased) {
      file.shrink();
      LOG.info("egress: the journal has taken {} waited in {}", more ? "what" : "some that", path);
    }
  }

  /** A line with what it says. */
  private record Waiting(LineFile.Line line, Batch batch) {}

  /**
   * Hands lines to the journal.
   *
   * @param done for those that need not be kept
   * @return whether it is to be given more now
   */
  private boolean replay(
      List<LineFile.Line> lines,
      Function<List<Batch>, Commits.Result> journal,
      List<LineFile.Line> done) {
    List<Waiting> waiting = new ArrayList<>();
    for (LineFile.Line line : lines) {
      Optional<Batch> batch = BatchCodec.batch(line.text());
      if (batch.isPresent()) {
        waiting.add(new Waiting(line, batch.get()));
      } else {
        LOG.error("egress: emergency file {} has a torn line: {}", path, line.text());
        done.add(line);
      }
    }
    Handed handed = hand(waiting.stream().map(Waiting::batch).toList(), journal);
    waiting.stream()
        .filter(w -> handed.taken().contains(w.batch()))
        .forEach(w -> done.add(w.line()));
    return handed.more();
  }

  /**
   * What became of batches.
   *
   * @param taken those that the journal has
   * @param more whether it is to be given others now
   */
  private record Handed(Set<Batch> taken, boolean more) {}

  private Handed hand(List<Batch> batches, Function<List<Batch>, Commits.Result> journal) {
    List<Batch> asked = batches.stream().filter(batch -> !refused.contains(batch)).toList();
    if (asked.isEmpty()) {
      return new Handed(Set.of(), true);
    } else if (isAllRefused()) {
      return new Handed(Set.of(), false);
    }
    return switch (journal.apply(asked)) {
      case DONE -> new Handed(new HashSet<>(asked), true);
      case LATER -> new Handed(Set.of(), false);
      case NEVER -> oneByOne(asked, journal);
    };
  }

  private Handed oneByOne(List<Batch> asked, Function<List<Batch>, Commits.Result> journal) {
    Set<Batch> taken = new HashSet<>();
    for (Batch batch : asked) {
      Commits.Result result = isAllRefused() ? Commits.Result.LATER : journal.apply(List.of(batch));
      switch (result) {
        case DONE -> taken.add(batch);
        case LATER -> {
          return new Handed(taken, false);
        }
        case NEVER -> refuse(batch);
      }
    }
    return new Handed(taken, true);
  }

  /** So many are no matter of one message: all of it waits for the next start. */
  private boolean isAllRefused() {
    return refused.size() >= MOST_IN_MEMORY;
  }

  private void refuse(Batch batch) {
    refused.add(batch);
    LOG.error(
        "egress: emergency file {}: the journal refuses this for good; it is kept, and tried"
            + " again at the next start: {}",
        path,
        words(batch));
  }
}
