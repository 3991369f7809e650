package org.mailjournal.relaytest;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;

/**
 * A small file system that the journal has for itself, so that it can be filled and can fail. An
 * ext4 in a file where the machine permits that, else a tmpfs, which cannot fail, else a plain
 * directory.
 */
final class JournalDisk implements AutoCloseable {
  private static final int MEGABYTES = 160;

  /** What it is made of. */
  enum Kind {
    EXT4,
    TMPFS,
    DIRECTORY
  }

  private final Path base;
  private final Kind kind;
  private final Thread atExit = new Thread(this::detach);

  private JournalDisk(Path base) {
    this.base = base;
    this.kind = attach(base);
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  static JournalDisk make() {
    try {
      Path base = Files.createTempDirectory(Path.of("/tmp"), "mjdisk");
      Command.run("chmod", "755", base.toString()).orThrow();
      Files.createDirectory(base.resolve("disk"));
      return new JournalDisk(base);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Kind attach(Path base) {
    Path image = base.resolve("image");
    Path disk = base.resolve("disk");
    if (succeeds("truncate", "-s", MEGABYTES + "M", image.toString())
        // No blocks set apart for root: full is full for everybody.
        && succeeds("mkfs.ext4", "-q", "-m", "0", image.toString())
        && succeeds("mount", "-o", "loop", image.toString(), disk.toString())) {
      return Kind.EXT4;
    }
    String size = "size=" + MEGABYTES + "m";
    return succeeds("mount", "-t", "tmpfs", "-o", size, "mail-journal", disk.toString())
        ? Kind.TMPFS
        : Kind.DIRECTORY;
  }

  private static boolean succeeds(String... command) {
    try {
      return Command.run(command).exitCode() == 0;
    } catch (UncheckedIOException noSuchProgram) {
      return false;
    }
  }

  /** Where the journal lies; may be made anew at any time. */
  Path directory() {
    return disk().resolve("journal");
  }

  private Path disk() {
    return base.resolve("disk");
  }

  Kind kind() {
    return kind;
  }

  /** Why a fault cannot be brought about here; empty if it can. */
  Optional<String> cannot(TorturePlan.Kind fault) {
    return switch (fault) {
      case DISK_FULL ->
          kind == Kind.DIRECTORY
              ? Optional.of("no file system can be mounted here")
              : Optional.empty();
      case DISK_FAILED ->
          kind == Kind.EXT4 ? Optional.empty() : Optional.of("no loop device can be mounted here");
      case CLOCK_MOVED -> DaemonClock.unavailable();
      default -> Optional.empty();
    };
  }

  /** Leaves not one byte free. */
  void fill() {
    for (int size = 64 * 1024; size > 0; size /= 64) {
      byte[] zeros = new byte[size];
      try (OutputStream out = Files.newOutputStream(disk().resolve("filler" + size))) {
        while (true) {
          out.write(zeros);
        }
      } catch (IOException full) {
        // As wanted.
      }
    }
  }

  void free() {
    for (int size = 64 * 1024; size > 0; size /= 64) {
      try {
        Files.deleteIfExists(disk().resolve("filler" + size));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** As the kernel does after an error of the device: nothing more is written, not even by sync. */
  void fail() {
    Command.run("mount", "-o", "remount,abort", disk().toString());
  }

  /** Mounts it anew after it failed. Nobody may have a file open on it. */
  void repair() {
    Awaitility.await(disk() + " is mounted anew")
        .atMost(Duration.ofSeconds(40))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(50))
        .until(this::isMountedAnew);
  }

  /**
   * Where a program with a mount namespace of its own (unshare(1)) was begun meanwhile, it holds
   * the failed file system, and mount only gives that its name back, read-only as it is.
   */
  private boolean isMountedAnew() {
    if (!succeeds("umount", disk().toString())) {
      return false;
    }
    String image = base.resolve("image").toString();
    // The journal of ext4 is replayed by mount; this sees to the mark that abort left.
    Command.run("fsck.ext4", "-p", image);
    Command.run("mount", "-o", "loop", image, disk().toString()).orThrow();
    try {
      Files.delete(Files.createTempFile(disk(), "probe", ""));
      return true;
    } catch (IOException stillFailed) {
      return false;
    }
  }

  @Override
  public void close() {
    Threads.notAtExit(atExit);
    detach();
  }

  private void detach() {
    if (kind != Kind.DIRECTORY) {
      // Lazily: the name is gone at once, whoever still has a file open.
      succeeds("umount", "-l", disk().toString());
    }
    Trees.remove(base);
  }
}
