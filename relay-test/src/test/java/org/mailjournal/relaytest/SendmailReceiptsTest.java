package org.mailjournal.relaytest;

import org.junit.jupiter.api.BeforeAll;

/** Receipts on real sendmail, sent through it and seen in the sender's mailbox. */
class SendmailReceiptsTest extends WorldCase implements ReceiptScenarios, ReceiptOutcomes {
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
}
