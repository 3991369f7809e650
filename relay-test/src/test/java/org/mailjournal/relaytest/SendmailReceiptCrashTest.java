package org.mailjournal.relaytest;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** Receipts across the daemon's death, sent through real sendmail. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SendmailReceiptCrashTest implements ReceiptCrashScenarios {
  private World world;
  private SubmissionDoor door;

  @BeforeAll
  void start() {
    int port = Loopback.freePort();
    door = new SubmissionDoor(Loopback.ipv4(port));
    world =
        SendmailWorld.start(
            "sendmail-receipt-crash",
            SendmailWorld.Extra.nothing()
                .daemon(ReceiptCrashScenarios.configuration(door))
                .sendmail(setup -> setup.port(port)));
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
