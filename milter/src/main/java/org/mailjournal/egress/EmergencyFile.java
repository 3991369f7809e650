package org.mailjournal.egress;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Outcomes that the MTA was told although the journal could not take them: the next hop has the
 * message, and asking the MTA to try again would deliver it twice. They wait here, on the disk,
 * until the journal takes them. Recording is idempotent, so a crash half way through a replay costs
 * nothing.
 */
final class EmergencyFile {
  private static final Logger LOG = LoggerFactory.getLogger(EmergencyFile.class);

  private final Path file;

  EmergencyFile(Path file) {
    this.file = file;
  }

  /** Writes it behind the others, to the disk. */
  synchronized void append(Batch batch) {
    // A line end in front, too: what a crash tore before must not swallow this one.
    ByteBuffer line =
        ByteBuffer.wrap(("\n" + BatchCodec.line(batch) + "\n").getBytes(StandardCharsets.US_ASCII));
    try (FileChannel channel =
        FileChannel.open(
            file,
            EnumSet.of(
                StandardOpenOption.CREATE, StandardOpenOption.APPEND, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      while (line.hasRemaining()) {
        channel.write(line);
      }
      channel.force(true);
      syncDirectory();
    } catch (IOException lost) {
      LOG.error("egress: emergency file {} cannot be written, unrecorded: {}", file, batch, lost);
    }
  }

  /** A new file's name is on the disk only when its directory is. */
  private void syncDirectory() throws IOException {
    try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent())) {
      directory.force(true);
    }
  }

  /**
   * Hands each batch to the journal, oldest first, and forgets all of them when it has taken all.
   */
  synchronized void replay(Predicate<Batch> journal) {
    if (!Files.exists(file)) {
      return;
    }
    try {
      List<String> lines = Files.readAllLines(file, StandardCharsets.US_ASCII);
      for (String line : lines) {
        if (!line.isEmpty() && !take(line, journal)) {
          return;
        }
      }
      Files.delete(file);
      LOG.info("egress: the journal has taken what waited in {}", file);
    } catch (IOException unreadable) {
      LOG.error("egress: emergency file {} cannot be read", file, unreadable);
    }
  }

  private boolean take(String line, Predicate<Batch> journal) {
    return BatchCodec.batch(line)
        .map(journal::test)
        .orElseGet(
            () -> {
              LOG.error("egress: emergency file {} has a torn line: {}", file, line);
              return true;
            });
  }
}
