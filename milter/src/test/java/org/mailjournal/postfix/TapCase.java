package org.mailjournal.postfix;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Each test has a queue directory with a pass tap at it, which it starts. */
abstract class TapCase {
  @TempDir Path directory;
  TapHouse house;

  @BeforeEach
  void build() throws IOException {
    house = new TapHouse(directory);
  }

  @AfterEach
  void close() {
    house.close();
  }
}
