package org.mailjournal.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Asks Postfix's lookup tables. */
interface TableReader {
  /**
   * What {@code postmap -c directory -q key table} prints; empty when the table has no answer.
   *
   * @throws IOException when it cannot be run, the table cannot be read, or it does not end in time
   */
  Optional<String> answer(Path directory, String table, String key) throws IOException;
}
