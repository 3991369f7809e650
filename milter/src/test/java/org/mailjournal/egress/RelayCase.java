package org.mailjournal.egress;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Each test has a relay, which it starts, and one next hop for all mail. */
abstract class RelayCase {
  static final String A = "a@example.org";
  static final String B = "b@example.net";

  @TempDir Path directory;
  FakeHop hop;
  RelayFixture fixture;

  @BeforeEach
  void relayToOneHop() throws IOException {
    hop = FakeHop.start();
    fixture = new RelayFixture(directory).route("*", hop);
  }

  @AfterEach
  void stop() throws IOException {
    fixture.close();
    hop.close();
  }
}
