package org.mailjournal.relaytest;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** Receipts on real Postfix, sent through it and seen in the sender's mailbox. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostfixReceiptsTest implements ReceiptScenarios {
  private World world;

  @BeforeAll
  void start() {
    world =
        PostfixWorld.startWith(
            "postfix-receipts", UnaryOperator.identity(), ReceiptScenarios::configuration);
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
