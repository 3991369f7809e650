package org.mailjournal.store;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mailjournal.journal.Event;

/** The journal on an ext4 of its own, which aborts while commits are under way. */
class FailingDiskTest {
  private static final int ABORTS = 20;
  private static final int CLIENTS = 8;

  @TempDir Path base;
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private Path disk;

  @BeforeEach
  void makeDisk() throws Exception {
    disk = Files.createDirectory(base.resolve("disk"));
    assumeTrue(
        Commands.succeeds("truncate", "-s", "64M", image())
            && Commands.succeeds("mkfs.ext4", "-q", image())
            && mount(),
        "no loop device can be mounted here");
  }

  @AfterEach
  void removeDisk() {
    timer.shutdownNow();
    Commands.succeeds("umount", "-l", disk.toString());
  }

  private String image() {
    return base.resolve("image").toString();
  }

  private boolean mount() {
    return Commands.succeeds("mount", "-o", "loop", image(), disk.toString());
  }

  @Test
  void whatWasAcknowledgedIsThereAfterTheFileSystemAborted() throws Exception {
    for (int round = 0; round < ABORTS; round++) {
      Set<Integer> acknowledged = recordUntilTheDiskFails(round * 1_000_000, 50 + 3 * round);
      assertTrue(Commands.succeeds("umount", disk.toString()));
      Commands.succeeds("fsck.ext4", "-p", image());
      assertTrue(mount());
      // It names this process, and could not be removed; after a real failure it names a dead one.
      Files.deleteIfExists(disk.resolve("journal.db.pid"));
      assertAreThere(acknowledged, round);
    }
  }

  /** The numbers of those that were acknowledged, from the first on. */
  private Set<Integer> recordUntilTheDiskFails(int first, int milliseconds) throws Exception {
    Set<Integer> acknowledged = ConcurrentHashMap.newKeySet();
    try (SqliteJournal journal = SqliteJournal.open(settings())) {
      var aborted =
          timer.schedule(
              () -> Commands.succeeds("mount", "-o", "remount,abort", disk.toString()),
              milliseconds,
              MILLISECONDS);
      Deque<CompletableFuture<?>> underWay = new ArrayDeque<>();
      try {
        for (int number = first; true; number++) {
          int recorded = number;
          underWay.add(
              journal.record(List.of(mail(number))).thenRun(() -> acknowledged.add(recorded)));
          if (underWay.size() > CLIENTS) {
            underWay.remove().get();
          }
        }
      } catch (ExecutionException failed) {
        aborted.get();
      }
    }
    return acknowledged;
  }

  private void assertAreThere(Set<Integer> acknowledged, int round) {
    try (SqliteJournal journal = SqliteJournal.open(settings())) {
      for (int number : acknowledged) {
        assertEquals(
            1,
            journal.events(mail(number).message()).size(),
            "message " + number + " of " + acknowledged.size() + ", after abort " + round);
      }
    }
  }

  private Settings settings() {
    return Settings.of("jdbc:sqlite:" + disk.resolve("journal.db"));
  }

  private static Event.Received mail(int number) {
    return Mails.realistic(number, Mails.NOON.plusMillis(number));
  }
}
