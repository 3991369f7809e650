package org.mailjournal.relaytest;

import org.junit.jupiter.api.AfterEach;

/** Behind each test the MTA's own log is held against what the journal says of its messages. */
abstract class OracleCase extends WorldCase {
  @AfterEach
  void theLogAgrees() {
    world.askOracle();
  }
}
