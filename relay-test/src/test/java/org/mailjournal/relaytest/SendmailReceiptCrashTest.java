package org.mailjournal.relaytest;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Receipts across the daemon's death, sent through real sendmail. */
class SendmailReceiptCrashTest extends WorldCase implements ReceiptCrashScenarios {
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
