package org.mailjournal.relaytest;

import java.nio.file.Files;
import java.nio.file.Path;

/** Finds what the repository ships, wherever below it the tests run. */
final class Repository {
  private Repository() {}

  static Path file(String name) {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.exists(at.resolve(name))) {
        return at.resolve(name);
      }
    }
    throw new IllegalStateException(
        name + " is not found from " + Path.of("").toAbsolutePath() + " upwards");
  }
}
