package org.mailjournal.relaytest;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** Receipts across the daemon's death, sent through real Postfix. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostfixReceiptCrashTest implements ReceiptCrashScenarios {
  private World world;
  private SubmissionDoor door;

  @BeforeAll
  void start() {
    world =
        PostfixWorld.startWith(
            "postfix-receipt-crash",
            UnaryOperator.identity(),
            port -> {
              door = new SubmissionDoor(Loopback.ipv4(port));
              return ReceiptCrashScenarios.configuration(door);
            });
  }

  @AfterAll
  void close() {
    if (door != null) {
      door.close();
    }
    if (world != null) {
      world.close();
    }
  }

  @Override
  public World world() {
    return world;
  }

  @Override
  public SubmissionDoor door() {
    return door;
  }
}
