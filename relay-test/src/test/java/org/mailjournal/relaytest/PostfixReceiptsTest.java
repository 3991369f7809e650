package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Receipts on real Postfix, sent through it and seen in the sender's mailbox. */
class PostfixReceiptsTest extends WorldCase implements ReceiptScenarios, ReceiptOutcomes {
  private Sent neverTaken;

  @BeforeAll
  void start() {
    world =
        PostfixWorld.startWith(
            "postfix-receipts",
            setup ->
                setup
                    .virtualAlias("vault@alias.test", "vaulted@two.test")
                    .giveUpAfter(Duration.ofSeconds(20))
                    .main(
                        "smtpd_recipient_restrictions",
                        "check_recipient_access inline:{ {grey@two.test = 450 4.7.1 Greylisted} }")
                    .main(
                        "sender_bcc_maps",
                        "inline:{ {told+archived@home.test = archive@two.test}"
                            + " {told+aliased@home.test = vault@alias.test} }"),
            ReceiptScenarios::configuration);
    neverTaken = ReceiptOutcomes.super.neverTaken();
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

  /** The setting names an alias: the record is of its target, with the alias as original. */
  @Test
  void norIsHeOfTheTargetOfAnAliasThatPostfixAdded() {
    world.two().at("vaulted@two.test", Script.permanent());
    Sent sent = world.send(Letter.from("told+aliased@home.test").to("named@one.test"));

    ReceiptMail receipt = ReceiptMail.of(new ReceiptBox(world).assertOneFinal(sent));

    assertEquals(
        List.of("named@one.test"),
        receipt.rows().stream().map(ReceiptMail.Row::recipient).toList());
    assertFalse(receipt.toString().contains("vault"), receipt::toString);
    assertEquals("failed", world.settled(sent).fate("vaulted@two.test").status());
    world.askOracle();
  }

  /** Its client may come again, and what comes of that is not known yet. */
  @Test
  void whomPostfixRefusedForNowHasNotFailed() {
    Sent sent =
        world.send(Letter.from("told+grey@home.test").to("taken@one.test").to("grey@two.test"));
    assertEquals(450, sent.recipients().get(1).code());

    Exchanger.Received mail = new ReceiptBox(world).assertOneFinal(sent);

    assertTrue(
        ReceiptMail.of(mail)
            .rows()
            .contains(new ReceiptMail.Row("grey@two.test", "delayed", "rejected")),
        mail::toString);
    String text = new String(mail.content().toArray(), StandardCharsets.ISO_8859_1);
    assertTrue(text.contains("Status: 4.7.1"), text);
    assertTrue(text.contains("1 of 2 accepted, 1 refused for now"), text);
    String told = world.journal().run("find", World.queueId(sent)).out();
    assertTrue(told.contains("rejected    refused for now in the dialogue at "), told);
    assertTrue(told.contains(": 4.7.1 Recipient address rejected: Greylisted;"), told);
  }

  @Test
  void theReceiptComesBesidePostfixsReport() {
    Sent sent =
        world.send(Letter.from("told+beside@home.test").to("beside@one.test", "NOTIFY=SUCCESS"));

    assertEquals(List.of("receipt", "report"), PostfixReceiptsOnlyTest.mailsAtHome(world, sent));
  }
}
