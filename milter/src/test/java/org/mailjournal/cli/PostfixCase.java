package org.mailjournal.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Each test has a machine on which all is well, and spoils it. */
abstract class PostfixCase {
  ConnectedPostfix machine;

  @BeforeEach
  void connect(@TempDir Path directory) {
    machine = new ConnectedPostfix(directory);
  }

  @AfterEach
  void disconnect() throws IOException {
    machine.close();
  }
}
