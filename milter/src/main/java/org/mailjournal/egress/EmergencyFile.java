package org.mailjournal.egress;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
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
 * <p>A full disk is the likeliest reason that the journal cannot take them, so the file has its
 * blocks beforehand: line ends, which are written over in place and say nothing when they are read.
 * What finds no place even so is kept in memory, and tried again with every replay.
 */
final class EmergencyFile {
  private static final Logger LOG = LoggerFactory.getLogger(EmergencyFile.class);
  private static final int RESERVE = 256 * 1024;
  private static final int MOST_IN_MEMORY = 10_000;

  private final Path file;
  private final Deque<Batch> inMemory = new ArrayDeque<>();
  private final Set<Batch> refused = new HashSet<>();
  private long end;

  EmergencyFile(Path file) {
    this.file = file;
  }

  /** Makes the file, with room in it, or finds the end of what a file from before holds. */
  synchronized void prepare() {
    try {
      if (Files.exists(file)) {
        byte[] content = Files.readAllBytes(file);
        end = end(content);
        write(content.length, emptyLines(Math.max(0, RESERVE - content.length)));
      } else {
        end = 0;
        write(0, emptyLines(RESERVE));
        syncDirectory();
      }
    } catch (IOException noRoom) {
      LOG.warn("egress: no room can be kept in {}: {}", file, noRoom.toString());
    }
  }

  /** Behind what is used and one line end, so that the next line begins as one. */
  private static int end(byte[] content) {
    int used = content.length;
    while (used > 0 && content[used - 1] == '\n') {
      used--;
    }
    return Math.min(used + 1, content.length);
  }

  private static ByteBuffer emptyLines(int count) {
    byte[] lines = new byte[count];
    Arrays.fill(lines, (byte) '\n');
    return ByteBuffer.wrap(lines);
  }

  /** Writes it behind the others, to the disk. */
  synchronized void append(Batch batch) {
    try {
      store(batch);
    } catch (IOException noPlace) {
      // The log may lie on another disk: it is all that is left when we die before the replay.
      LOG.error(
          "egress: emergency file {} cannot be written ({}); until the journal can, only memory and"
              + " this log have: {}",
          file,
          noPlace.toString(),
          words(batch));
      if (inMemory.size() < MOST_IN_MEMORY) {
        inMemory.add(batch);
      } else {
        LOG.error("egress: memory has no room for it either: it will not be recorded");
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

  private void store(Batch batch) throws IOException {
    // A line end in front, too: what a crash tore before must not swallow this one.
    ByteBuffer line =
        ByteBuffer.wrap(("\n" + BatchCodec.line(batch) + "\n").getBytes(StandardCharsets.US_ASCII));
    int length = line.remaining();
    write(end, line);
    end += length;
  }

  private void write(long position, ByteBuffer bytes) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      channel.position(position);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
      requireLivingDisk(channel);
    }
  }

  /**
   * An ext4 that aborts under an fdatasync may end it without error and without the octets on the
   * disk; it refuses another size of a file (doc/RELIABILITY.md). The last octet is a line end
   * always, and has its block, so that this works on a full disk.
   */
  private static void requireLivingDisk(FileChannel channel) throws IOException {
    long last = channel.size() - 1;
    if (last >= 0) {
      channel.truncate(last);
      channel.write(emptyLines(1), last);
    }
  }

  /** A new file's name is on the disk only when its directory is. */
  private void syncDirectory() throws IOException {
    try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent())) {
      directory.force(true);
    }
  }

  /**
   * Hands each batch to the journal, oldest first, and forgets what it has taken. What it refuses
   * for good is kept for a journal that has been mended, and holds up nothing else.
   */
  synchronized void replay(Function<Batch, Commits.Result> journal) {
    replayMemory(journal);
    if (!Files.exists(file)) {
      return;
    }
    try {
      byte[] content = Files.readAllBytes(file);
      if (replay(content, journal)) {
        // In place, what stays with the same octets: a crash in the middle tears none of it.
        write(0, ByteBuffer.wrap(content));
        end = end(content);
        LOG.info("egress: the journal has taken what waited in {}", file);
      }
    } catch (IOException unreadable) {
      LOG.error("egress: emergency file {} cannot be read", file, unreadable);
    }
  }

  private void replayMemory(Function<Batch, Commits.Result> journal) {
    Iterator<Batch> batches = inMemory.iterator();
    while (batches.hasNext()) {
      Commits.Result result = hand(batches.next(), journal);
      if (result == Commits.Result.LATER) {
        return;
      } else if (result == Commits.Result.DONE) {
        batches.remove();
      }
    }
  }

  /** Makes line ends of what need not be kept; whether there was any. */
  private boolean replay(byte[] content, Function<Batch, Commits.Result> journal) {
    boolean taken = false;
    int from = 0;
    while (from < content.length) {
      int to = from;
      while (to < content.length && content[to] != '\n') {
        to++;
      }
      if (to > from) {
        // A torn line may hold any octet.
        String line = new String(content, from, to - from, StandardCharsets.ISO_8859_1);
        Commits.Result result = hand(line, journal);
        if (result == Commits.Result.LATER) {
          return taken;
        } else if (result == Commits.Result.DONE) {
          Arrays.fill(content, from, to, (byte) '\n');
          taken = true;
        }
      }
      from = to + 1;
    }
    return taken;
  }

  private Commits.Result hand(String line, Function<Batch, Commits.Result> journal) {
    Optional<Batch> batch = BatchCodec.batch(line);
    if (batch.isEmpty()) {
      LOG.error("egress: emergency file {} has a torn line: {}", file, line);
      return Commits.Result.DONE;
    }
    return hand(batch.get(), journal);
  }

  private Commits.Result hand(Batch batch, Function<Batch, Commits.Result> journal) {
    if (refused.contains(batch)) {
      return Commits.Result.NEVER;
    } else if (refused.size() >= MOST_IN_MEMORY) {
      // So many are no matter of one message: all of it waits for the next start.
      return Commits.Result.LATER;
    }
    Commits.Result result = journal.apply(batch);
    if (result == Commits.Result.NEVER) {
      refused.add(batch);
      LOG.error(
          "egress: emergency file {}: the journal refuses this for good; it is kept, and tried"
              + " again at the next start: {}",
          file,
          words(batch));
    }
    return result;
  }
}
