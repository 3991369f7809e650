package org.mailjournal.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the Postfix that owns a queue directory; a machine can have several (postmulti(1)). */
final class PostfixFinder {
  private final PostconfReader reader;
  private final List<Path> usual;

  PostfixFinder(PostconfReader reader, List<Path> usual) {
    this.reader = reader;
    this.usual = List.copyOf(usual);
  }

  /** The configuration directory whose {@code queue_directory} is the given one. */
  Optional<Path> directoryOf(Path queueDirectory) {
    for (Path candidate : candidates(queueDirectory)) {
      if (Files.exists(candidate.resolve("main.cf")) && isOf(queueDirectory, candidate)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  /**
   * Another instance that calls itself as this one does, so that the daemon cannot tell whose a
   * message is.
   */
  Optional<Path> namesakeOf(Path configuration, Path queueDirectory) {
    String name = ask(configuration, "myhostname");
    return candidates(queueDirectory).stream()
        .filter(one -> Files.exists(one.resolve("main.cf")) && !isOf(queueDirectory, one))
        .filter(one -> ask(one, "myhostname").equals(name))
        .findFirst();
  }

  private List<Path> candidates(Path queueDirectory) {
    List<Path> candidates = new ArrayList<>(usual);
    for (Path directory : usual) {
      if (Files.exists(directory.resolve("main.cf"))) {
        for (String other : ask(directory, "multi_instance_directories").split("[,\\s]+", -1)) {
          if (other.startsWith("/")) {
            candidates.add(Path.of(other));
          }
        }
      }
    }
    // Private instances are commonly kept together with their queue.
    Path parent = queueDirectory.toAbsolutePath().getParent();
    if (parent != null) {
      for (String name : List.of("conf", "etc", "config", "etc/postfix")) {
        candidates.add(parent.resolve(name));
      }
    }
    return candidates;
  }

  /** Whether the Postfix that is configured there has this queue. */
  boolean isOf(Path queueDirectory, Path configuration) {
    String theirs = ask(configuration, "queue_directory");
    if (theirs.isEmpty()) {
      return false;
    }
    try {
      return Path.of(theirs).equals(queueDirectory)
          || Files.isSameFile(Path.of(theirs), queueDirectory);
    } catch (IOException oneIsMissing) {
      return false;
    }
  }

  private String ask(Path directory, String name) {
    try {
      return reader.read(directory, "-hx", name).strip();
    } catch (IOException unreadable) {
      return "";
    }
  }
}
