package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;

/** The receipts of a world: their steps in the journal, and what came to the senders' mailboxes. */
record ReceiptBox(World world) {
  /** Which receipts of a message took this step, {@code receipt-sent} and the like. */
  List<String> steps(Sent sent, String kind) {
    return world.entry(sent).events().stream()
        .filter(event -> event.kind().equals(kind))
        .map(event -> event.receipt().orElse(""))
        .toList();
  }

  List<Exchanger.Received> at(String mailbox) {
    return world.home().received(mailbox).stream()
        .filter(mail -> mail.messageId().startsWith("<receipt."))
        .toList();
  }

  void awaitSent(Sent sent, String receipt) {
    world.await(
        World.queueId(sent),
        receipt + " receipt sent",
        entry ->
            entry.events().stream()
                .anyMatch(
                    event ->
                        event.kind().equals("receipt-sent")
                            && event.receipt().equals(Optional.of(receipt))));
  }

  /** All that the sender got, as soon as he has got what was sent. */
  List<Exchanger.Received> received(Sent sent) {
    String mailbox = sent.letter().sender();
    int expected = steps(sent, "receipt-sent").size();
    Awaitility.await("receipts in the mailbox of " + mailbox)
        .atMost(World.PATIENCE)
        .until(() -> at(mailbox).size() >= expected);
    assertEquals(expected, at(mailbox).size());
    return at(mailbox);
  }

  /** One final receipt came; what it says is proven and stands under the sender's message. */
  Exchanger.Received assertOneFinal(Sent sent) {
    awaitSent(sent, "final");
    List<Exchanger.Received> mails = received(sent);
    Exchanger.Received last = mails.get(mails.size() - 1);
    byte[] content = last.content().toArray();
    assertEquals("", last.sender());
    assertEquals(Optional.of("auto-replied"), Headers.first(content, "Auto-Submitted"));
    assertEquals(
        sent.letter().messageId().or(() -> world.entry(sent).messageId()),
        Headers.first(content, "In-Reply-To"));
    assertEquals(List.of("final"), finals(steps(sent, "receipt-due")));
    assertEquals(List.of("final"), finals(steps(sent, "receipt-sent")));
    assertTrue(isGood(content), () -> new String(content, StandardCharsets.ISO_8859_1));
    return last;
  }

  private static List<String> finals(List<String> receipts) {
    return receipts.stream().filter("final"::equals).toList();
  }

  /** What came through an MTA to a mailbox is no evidence any more with one octet changed. */
  void assertSealed(Exchanger.Received mail) {
    byte[] receipt = mail.content().toArray();
    byte[] changed = receipt.clone();
    String text = new String(receipt, StandardCharsets.ISO_8859_1);
    changed[text.indexOf("Final-Recipient") + "Final-Recipient: rfc822; ".length()] ^= 1;
    assertFalse(isGood(changed));
  }

  /** By openssl, and by us. */
  private boolean isGood(byte[] receipt) {
    Path file = null;
    try {
      file = Files.write(Files.createTempFile("receipt", ".eml"), receipt);
      int openssl =
          Command.run(
                  new byte[0],
                  List.of("openssl", "cms", "-verify", "-noverify", "-in", file.toString()))
              .exitCode();
      int ours = world.journal().run("evidence", "--verify", file.toString()).code();
      assertEquals(openssl == 0, ours == 0, "openssl: " + openssl + ", ours: " + ours);
      return ours == 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      Trees.remove(file);
    }
  }
}
