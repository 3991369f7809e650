package org.mailjournal.relaytest;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** Receipts on the test MTA, sent through it and seen in the sender's mailbox. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TestMtaReceiptsTest implements ReceiptScenarios, ReceiptOutcomes {
  private World world;

  @BeforeAll
  void start() {
    world =
        TestMtaWorld.startWith(
            "test-mta-receipts",
            builder -> builder.expireAfter(3),
            ReceiptScenarios::configuration);
  }

  @AfterAll
  void close() {
    if (world != null) {
      world.close();
    }
  }

  @Override
  public World world() {
    return world;
  }
}
