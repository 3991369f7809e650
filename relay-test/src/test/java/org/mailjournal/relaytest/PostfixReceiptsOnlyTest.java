package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Receipts in the place of Postfix's own reports of success. */
class PostfixReceiptsOnlyTest extends WorldCase {
  @BeforeAll
  void start() {
    world =
        PostfixWorld.startWith(
            "postfix-receipts-only",
            UnaryOperator.identity(),
            port -> {
              List<String> lines = new ArrayList<>(List.of(ReceiptScenarios.configuration(port)));
              lines.add("receipts.only = true");
              // A slow delivery would bring a first receipt in front of the last.
              lines.add("receipts.patience = 5m");
              return lines.toArray(String[]::new);
            });
  }

  /** The subjects of all that the sender got when nothing is under way any more. */
  private static List<String> mails(World world, Exchanger exchanger, Sent sent, boolean receipt) {
    if (receipt) {
      world.await(
          World.queueId(sent),
          "final receipt sent",
          entry -> entry.events().stream().anyMatch(e -> e.kind().equals("receipt-sent")));
    }
    world.settled(sent);
    world.awaitQueueEmptyOf(sent);
    return exchanger.received(sent.letter().sender()).stream()
        .map(mail -> mail.messageId().startsWith("<receipt.") ? "receipt" : "report")
        .sorted()
        .toList();
  }

  static List<String> mailsAtHome(World world, Sent sent) {
    return mails(world, world.home(), sent, true);
  }

  @Test
  void whoAsksForSuccessGetsTheReceiptAndNothingElse() {
    Sent sent =
        world.send(
            Letter.from("told+only@home.test")
                .to("only-one@one.test", "NOTIFY=SUCCESS")
                .to("only-two@one.test", "NOTIFY=SUCCESS,FAILURE"));

    assertEquals(List.of("receipt"), mailsAtHome(world, sent));
  }

  @Test
  void whoAsksOfOneRecipientGetsTheReceiptOfBoth() {
    Sent sent =
        world.send(
            Letter.from("told+some@home.test")
                .to("asked@one.test", "NOTIFY=SUCCESS")
                .to("unasked@two.test"));

    assertEquals(List.of("receipt"), mailsAtHome(world, sent));
    String text =
        new String(
            world.home().received("told+some@home.test").get(0).content().toArray(),
            StandardCharsets.ISO_8859_1);
    assertTrue(text.contains("unasked@two.test"), text);
  }

  @Test
  void aBounceComesAsAlways() {
    world.two().at("only-no@two.test", Script.permanent());
    Sent sent =
        world.send(
            Letter.from("told+bounced@home.test")
                .to("only-yes@one.test", "NOTIFY=SUCCESS,FAILURE")
                .to("only-no@two.test", "NOTIFY=SUCCESS,FAILURE"));

    assertEquals(List.of("receipt", "report"), mailsAtHome(world, sent));
  }

  @Test
  void whoGetsNoReceiptGetsPostfixsReport() {
    Sent sent =
        world.send(
            Letter.from("stranger+only@two.test").to("only-asked@one.test", "NOTIFY=SUCCESS"));

    assertEquals(List.of("report"), mails(world, world.two(), sent, false));
  }
}
