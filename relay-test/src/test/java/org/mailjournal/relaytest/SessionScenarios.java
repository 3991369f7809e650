package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Dialogues that end early leave nothing behind, and disturb nothing that comes after them. */
interface SessionScenarios {
  World world();

  /** How far a dialogue goes. */
  enum Reached {
    GREETING,
    EHLO,
    MAIL,
    RCPT,
    REFUSED_RCPT,
    DATA,
    HALF_A_HEADER,
    HALF_A_BODY;

    private static final String PARTIAL_HEADER = "Subject: to be conti";
    private static final String PARTIAL_BODY = "Subject: whole\r\n\r\nOne line.\r\nAnd half";

    void play(SmtpClient client, String sender) {
      Stream.of(values()).filter(r -> r.compareTo(this) <= 0).forEach(r -> r.step(client, sender));
    }

    private void step(SmtpClient client, String sender) {
      switch (this) {
        case GREETING -> assertEquals(220, client.greeting().code());
        case EHLO -> assertEquals(250, client.ehlo("early.letters.test").code());
        case MAIL -> assertEquals(250, client.mail(sender).code());
        case RCPT -> assertEquals(250, client.rcpt("early@one.test").code());
        case REFUSED_RCPT -> assertEquals(550, client.rcpt("stranger@local.test").code());
        case DATA -> assertEquals(354, client.command("DATA").code());
        case HALF_A_HEADER -> client.send(PARTIAL_HEADER.getBytes(StandardCharsets.US_ASCII));
        case HALF_A_BODY -> client.send(PARTIAL_BODY.getBytes(StandardCharsets.US_ASCII));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Reached.class)
  default void leavingWithoutAWord(Reached stage) {
    String sender = "gone-" + System.nanoTime() + "@home.test";
    SmtpClient client = SmtpClient.connect(world().mta().smtp());
    stage.play(client, sender);
    client.abort();

    assertNothingRecordedOf(sender);
  }

  @ParameterizedTest
  @EnumSource(names = {"EHLO", "MAIL", "RCPT", "REFUSED_RCPT"})
  default void startingAnewAfterRset(Reached stage) {
    String sender = "reset-" + System.nanoTime() + "@home.test";
    try (SmtpClient client = SmtpClient.connect(world().mta().smtp())) {
      stage.play(client, sender);
      client.rset();
      Letter letter = Letter.from("after@home.test").to("after@two.test");
      JournalEntry entry = world().settled(world().accepted(Sent.over(client, letter)));

      assertEquals("after@home.test", entry.sender());
      assertEquals(
          List.of("after@two.test"),
          entry.recipients().stream().map(JournalEntry.Fate::address).toList());
    }

    assertNothingRecordedOf(sender);
  }

  @Test
  default void ehloInTheMiddleOfATransaction() {
    String sender = "twice-" + System.nanoTime() + "@home.test";
    try (SmtpClient client = SmtpClient.connect(world().mta().smtp())) {
      Reached.RCPT.play(client, sender);
      client.ehlo("again.letters.test");
      Letter letter = Letter.from("after@home.test").to("after@two.test");

      JournalEntry entry = world().settled(world().accepted(Sent.over(client, letter)));

      assertEquals(1, entry.recipients().size());
    }

    assertNothingRecordedOf(sender);
  }

  @Test
  default void leavingBehindTheFinalDot() {
    String recipient = "hasty-" + System.nanoTime() + "@one.test";
    SmtpClient client = world().client();
    client.mail("ada@home.test");
    client.rcpt(recipient);
    client.command("DATA");
    client.send("Subject: in a hurry\r\n\r\nGone.\r\n.\r\n".getBytes(StandardCharsets.US_ASCII));
    client.flushAndClose();

    Awaitility.await().atMost(World.PATIENCE).until(() -> isWithExchanger(recipient));
    Awaitility.await()
        .atMost(World.PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .untilAsserted(
            () -> {
              List<JournalEntry> found = world().journal().find("--recipient", recipient);
              assertEquals(1, found.size());
              assertEquals("relayed", found.get(0).fate(recipient).status());
            });
  }

  private boolean isWithExchanger(String recipient) {
    return world().one().received(recipient).size() == 1;
  }

  /** A message behind it, on a connection of its own, shows that the MTA is past it. */
  private void assertNothingRecordedOf(String sender) {
    world().settled(world().send(Letter.from("fence@home.test").to("fence@one.test")));
    assertEquals(List.of(), world().journal().find("--sender", sender));
  }
}
