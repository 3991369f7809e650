package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Receipts on real Postfix, sent through it and seen in the sender's mailbox. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostfixReceiptsTest implements ReceiptScenarios, ReceiptOutcomes {
  private World world;
  private Sent neverTaken;

  @BeforeAll
  void start() {
    world =
        PostfixWorld.startWith(
            "postfix-receipts",
            setup ->
                setup
                    .giveUpAfter(Duration.ofSeconds(20))
                    .main(
                        "sender_bcc_maps",
                        "inline:{ {told+archived@home.test = archive@two.test} }"),
            ReceiptScenarios::configuration);
    neverTaken = ReceiptOutcomes.super.neverTaken();
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

  @Override
  public Sent neverTaken() {
    return neverTaken;
  }

  /** Nor does he wait for it, or hear that it failed. */
  @Test
  void ofWhomPostfixAddedTheSenderIsNotTold() {
    world.two().at("archive@two.test", Script.permanent());
    Sent sent = world.send(Letter.from("told+archived@home.test").to("named@one.test"));

    ReceiptMail receipt = ReceiptMail.of(new ReceiptBox(world).assertOneFinal(sent));

    assertEquals(
        List.of("named@one.test"),
        receipt.rows().stream().map(ReceiptMail.Row::recipient).toList());
    assertFalse(receipt.toString().contains("archive"), receipt::toString);
    assertEquals("failed", world.settled(sent).fate("archive@two.test").status());
    world.askOracle();
  }

  @Test
  void theReceiptComesBesidePostfixsReport() {
    Sent sent =
        world.send(Letter.from("told+beside@home.test").to("beside@one.test", "NOTIFY=SUCCESS"));

    assertEquals(List.of("receipt", "report"), PostfixReceiptsOnlyTest.mailsAtHome(world, sent));
  }
}
