package org.mailjournal.relaytest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What a process of Java's holds. */
record ProcessMemory(long pid) {
  /** A field of {@code /proc/PID/status}, {@code VmRSS:} and the like; 0 where there is none. */
  long kibibytes(String field) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(line -> line.startsWith(field))
        .map(line -> line.replaceAll("[^0-9]", ""))
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElse(0);
  }

  /** The bytes of all objects that are left behind a collection, which this brings about. */
  long liveBytes() {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    String histogram =
        Command.run(jcmd.toString(), "" + pid, "GC.class_histogram").orThrow().output();
    return histogram
        .lines()
        .filter(line -> line.startsWith("Total"))
        .map(line -> line.strip().split(" +", -1)[2])
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no total in: " + histogram));
  }

  long openFiles() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      return files.count();
    }
  }
}
