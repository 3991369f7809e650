package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mailjournal.relaytest.Mta.Ability;

/**
 * Who gets a receipt, and when. {@code told} gets one always, everybody else at {@code home.test}
 * who asks; tags keep the mailboxes of the tests apart.
 */
interface ReceiptScenarios {
  /** Of a world whose MTA takes receipts at this port. */
  static String[] configuration(int port) {
    return new String[] {
      "receipts.give = on-request",
      "receipts.rules = [ { sender = \"told@home.test\", give = always } ]",
      "receipts.domains = [ home.test ]",
      "receipts.request-headers = [ Return-Receipt-To, X-Confirm-Delivery ]",
      "receipts.plus-tag = receipt",
      "receipts.patience = 5s",
      "receipts.submit = \"127.0.0.1:" + port + "\""
    };
  }

  World world();

  private ReceiptBox box() {
    return new ReceiptBox(world());
  }

  /** As it came, without the soft line breaks of quoted-printable. */
  private static String text(Exchanger.Received mail) {
    String content = new String(mail.content().toArray(), StandardCharsets.ISO_8859_1);
    return content.replace("=\r\n", "");
  }

  private void assertNone(Sent sent) {
    world().settled(sent);
    assertEquals(List.of(), box().steps(sent, "receipt-wanted"));
  }

  @Test
  default void relayed() {
    Sent sent = world().send(Letter.from("told+relayed@home.test").to("relayed@one.test"));

    box().assertSealed(box().assertOneFinal(sent));

    JournalEntry receipt =
        world().journal().find(box().at("told+relayed@home.test").get(0).messageId()).get(0);
    assertEquals("", receipt.sender());
    JournalEntry whole = world().settled(receipt.queueId());
    assertTrue(
        whole.events().stream().noneMatch(event -> event.kind().startsWith("receipt")),
        whole::toString);
  }

  @Test
  default void failed() {
    world().one().at("receipt-no@one.test", Script.permanent());

    box()
        .assertOneFinal(
            world().send(Letter.from("told+failed@home.test").to("receipt-no@one.test")));
  }

  @Test
  default void oneRelayedAndOneFailed() {
    world().two().at("receipt-no@two.test", Script.permanent());

    box()
        .assertOneFinal(
            world()
                .send(
                    Letter.from("told+mixed@home.test")
                        .to("receipt-yes@one.test")
                        .to("receipt-no@two.test")));
  }

  @Test
  default void aLocalMailbox() {
    world().require(Ability.LOCAL_MAILBOX);

    box()
        .assertOneFinal(
            world().send(Letter.from("told+local@home.test").to("games@" + world().localDomain())));
  }

  @Test
  default void aRecipientThatHasToWait() {
    world().one().at("receipt-later@one.test", Script.temporary(1));
    Sent sent = world().send(Letter.from("told+later@home.test").to("receipt-later@one.test"));

    box().awaitSent(sent, "interim");
    Awaitility.await("the interim receipt")
        .until(() -> !box().at("told+later@home.test").isEmpty());
    String interim = text(box().at("told+later@home.test").get(0));
    assertTrue(interim.contains("receipt-later@one.test"), interim);
    assertTrue(interim.contains("450 4.2.0 mailbox busy"), interim);
    world().mta().runQueue();

    box().assertOneFinal(sent);
    assertEquals(List.of("interim", "final"), box().steps(sent, "receipt-sent"));
    assertEquals(2, box().at("told+later@home.test").size());
  }

  @Test
  default void askedForWithNotify() {
    box()
        .assertOneFinal(
            world()
                .send(Letter.from("ada+notify@home.test").to("asked@one.test", "NOTIFY=SUCCESS")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Return-Receipt-To: ada@home.test", "X-Confirm-Delivery: yes"})
  default void askedForWithAField(String field) {
    String sender = "ada+" + field.length() + "@home.test";

    box().assertOneFinal(world().send(Letter.from(sender).to("asked@one.test").field(field)));
  }

  @Test
  default void askedForWithATag() {
    box().assertOneFinal(world().send(Letter.from("ada+receipt@home.test").to("asked@one.test")));
  }

  @Test
  default void notAskedFor() {
    assertNone(world().send(Letter.from("ada@home.test").to("unasked@one.test")));
  }

  @Test
  default void aSenderOfAnotherDomain() {
    assertNone(
        world()
            .send(
                Letter.from("told@two.test")
                    .to("elsewhere@one.test")
                    .field("Return-Receipt-To: told@two.test")));
  }

  @Test
  default void theNullSender() {
    assertNone(
        world().send(Letter.from("").to("null@one.test").field("Return-Receipt-To: a@home.test")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Auto-Submitted: auto-generated",
        "Precedence: bulk",
        "List-Id: <letters.home.test>"
      })
  default void mailOfPrograms(String field) {
    assertNone(world().send(Letter.from("told@home.test").to("program@one.test").field(field)));
  }

  @Test
  default void aClientFromOutside() {
    world().require(Ability.XCLIENT);
    try (SmtpClient client = world().client()) {
      assertEquals(220, client.command("XCLIENT NAME=mx.example.net ADDR=192.0.2.77").code());
      client.ehlo("mx.example.net");

      assertNone(
          world()
              .accepted(Sent.over(client, Letter.from("told@home.test").to("outside@one.test"))));
    }
  }

  @Test
  default void anAuthenticatedClientAsHimself() {
    box().assertOneFinal(authenticated(World.USER + "+receipt@home.test"));
  }

  @Test
  default void anAuthenticatedClientAsSomebodyElse() {
    assertNone(authenticated("told@home.test"));
  }

  @Test
  default void anAuthenticatedClientWhoseMailIsRefusedInPart() {
    world().one().at("login-no@one.test", Script.permanentAtData());
    Letter letter = Letter.from(World.USER + "+part@home.test").field("X-Confirm-Delivery: yes");

    box().assertOneFinal(authenticated(letter.to("login-no@one.test").to("login@two.test")));
  }

  private Sent authenticated(String sender) {
    return authenticated(Letter.from(sender).to("login@one.test"));
  }

  private Sent authenticated(Letter letter) {
    world().require(Ability.AUTH);
    try (SmtpClient client = world().loggedIn()) {
      return world().accepted(Sent.over(client, letter));
    }
  }

  @Test
  default void ofALetterThatCameThroughHereBeforeAndIsSentAgain() {
    Sent before = world().send(Letter.from("ada@home.test").to("before@one.test"));
    world().settled(before);
    String received =
        "Received: from a.home.test by mail.home.test (Postfix) with ESMTP id "
            + World.queueId(before)
            + "; Tue, 24 Nov 2026 05:34:39 +0000";

    box()
        .assertOneFinal(
            world()
                .send(
                    Letter.from("told+again@home.test")
                        .to("again@one.test")
                        .field("Resent-From: told@home.test")
                        .field(received)));
  }

  @Test
  default void oneByHand() {
    Sent sent = world().send(Letter.from("ada+hand@home.test").to("byhand@one.test"));
    world().settled(sent);

    JournalCommand.Answer answer = world().journal().run("receipt", World.queueId(sent));

    assertEquals(0, answer.code(), answer::err);
    Awaitility.await()
        .atMost(World.PATIENCE)
        .until(() -> box().at("ada+hand@home.test").size() == 1);
  }
}
