package org.mailjournal.cli;

import java.io.IOException;
import java.nio.file.Path;

/** Asks Postfix for its settings. */
interface PostconfReader {
  /**
   * What {@code postconf -c directory arguments…} prints.
   *
   * @throws IOException when it cannot be run, fails, or does not end in time
   */
  String read(Path directory, String... arguments) throws IOException;
}
