package org.mailjournal.relaytest;

import org.junit.jupiter.api.BeforeAll;

/** Receipts on the test MTA, sent through it and seen in the sender's mailbox. */
class TestMtaReceiptsTest extends WorldCase implements ReceiptScenarios, ReceiptOutcomes {
  @BeforeAll
  void start() {
    world =
        TestMtaWorld.startWith(
            "test-mta-receipts",
            builder -> builder.expireAfter(3),
            ReceiptScenarios::configuration);
  }
}
