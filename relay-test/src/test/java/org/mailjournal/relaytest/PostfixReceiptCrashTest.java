package org.mailjournal.relaytest;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Receipts across the daemon's death, sent through real Postfix. */
class PostfixReceiptCrashTest extends WorldCase implements ReceiptCrashScenarios {
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
  void closeTheDoor() {
    if (door != null) {
      door.close();
    }
  }

  @Override
  public SubmissionDoor door() {
    return door;
  }
}
