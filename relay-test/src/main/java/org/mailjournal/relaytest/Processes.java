package org.mailjournal.relaytest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;

/** The processes of one private mail system, which all work in its queue directory. */
final class Processes {
  private Processes() {}

  /** SIGKILL to each of them; returns when none is left. */
  static void kill(Path queueDirectory) {
    Awaitility.await("no process in " + queueDirectory)
        .atMost(Duration.ofSeconds(20))
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(
            () -> {
              List<ProcessHandle> left = in(queueDirectory);
              left.forEach(ProcessHandle::destroyForcibly);
              return left.isEmpty();
            });
  }

  /** Those that live. */
  static List<ProcessHandle> in(Path directory) {
    return ProcessHandle.allProcesses().filter(p -> worksIn(p, directory)).toList();
  }

  private static boolean worksIn(ProcessHandle process, Path directory) {
    try {
      return Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd"))
          .startsWith(directory);
    } catch (IOException endedMeanwhile) {
      return false;
    }
  }
}
