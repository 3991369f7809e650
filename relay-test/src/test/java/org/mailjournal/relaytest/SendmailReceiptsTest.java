package org.mailjournal.relaytest;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** Receipts on real sendmail, sent through it and seen in the sender's mailbox. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SendmailReceiptsTest implements ReceiptScenarios, ReceiptOutcomes {
  private World world;

  @BeforeAll
  void start() {
    int port = Loopback.freePort();
    world =
        SendmailWorld.start(
            "sendmail-receipts",
            SendmailWorld.Extra.nothing()
                .daemon(ReceiptScenarios.configuration(port))
                .sendmail(setup -> setup.port(port)));
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
