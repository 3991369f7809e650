package org.mailjournal.receipt;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mailjournal.journal.Address;
import org.mailjournal.receipt.Submission.Result;

class SubmissionTest {
  private static final String MESSAGE =
      String.join(
          "\r\n",
          "From: a@example.org",
          "Subject: folded",
          " over  two",
          "X-Order: 1",
          "Content-Type: text/plain",
          "",
          ".a dot",
          "..two",
          "trailing ",
          "",
          "last",
          "");
  private static final int MOST_TRIES = 300;

  /** Linux delays one by 40 ms. */
  private static final long DELAYED_ACKNOWLEDGEMENT = Duration.ofMillis(40).toNanos();

  private static final Address ADA = new Address("ada@example.org");

  private final SubmissionServer server = new SubmissionServer();

  @AfterEach
  void close() {
    server.close();
  }

  private Result send(Address to) {
    return new Submission(
            SubmissionSettings.plain("127.0.0.1", server.port()), "us.test", Duration.ofSeconds(20))
        .send(to, MESSAGE.getBytes(US_ASCII));
  }

  @Test
  void aMessageArrivesByteByByteWithTheNullSender() {
    Result result = send(ADA);

    assertEquals(new Result.Taken("250 2.0.0 Ok: queued as 4R7"), result);
    assertEquals(List.of(MESSAGE), server.messages());
    assertEquals(
        List.of("EHLO us.test", "MAIL FROM:<>", "RCPT TO:<ada@example.org>", "DATA"),
        server.commands().subList(0, 4));
  }

  @Test
  void aHeaderInUtf8AsksForSmtputf8AndABodyDoesNot() {
    server.answer("EHLO", "250-submission.test\r\n250-8BITMIME\r\n250 SMTPUTF8");
    Submission submission =
        new Submission(
            SubmissionSettings.plain("127.0.0.1", server.port()),
            "us.test",
            Duration.ofSeconds(20));

    String fromUtf8 = MESSAGE.replace("a@example.org", "büro@straße.example");
    assertInstanceOf(Result.Taken.class, submission.send(ADA, fromUtf8.getBytes(UTF_8)));
    assertTrue(server.commands().get(1).contains("SMTPUTF8"), server.commands()::toString);
    assertEquals(
        List.of(new String(fromUtf8.getBytes(UTF_8), ISO_8859_1)), server.messages(), "as it was");

    String bodyUtf8 = MESSAGE.replace("last", "läst");
    assertInstanceOf(Result.Taken.class, submission.send(ADA, bodyUtf8.getBytes(UTF_8)));
    String mail =
        server.commands().stream()
            .filter(c -> c.startsWith("MAIL"))
            .skip(1)
            .findFirst()
            .orElseThrow();
    assertFalse(mail.contains("SMTPUTF8"), mail);
  }

  @Test
  void theFinalDotDoesNotWaitForAnAcknowledgement() {
    byte[] receipt = (MESSAGE + "A line of a receipt.\r\n".repeat(700)).getBytes(US_ASCII);
    Submission submission =
        new Submission(
            SubmissionSettings.plain("127.0.0.1", server.port()),
            "us.test",
            Duration.ofSeconds(20));
    long shortest = Long.MAX_VALUE;

    // A busy machine may delay many of them, Nagle's algorithm delays each.
    for (int i = 0; i < MOST_TRIES && shortest >= DELAYED_ACKNOWLEDGEMENT; i++) {
      long start = System.nanoTime();
      assertInstanceOf(Result.Taken.class, submission.send(ADA, receipt));
      shortest = Math.min(shortest, System.nanoTime() - start);
    }

    assertTrue(shortest < DELAYED_ACKNOWLEDGEMENT, shortest + " ns");
  }

  @Test
  void theAnswerToTheContentMayTakeItsTime() {
    server.slow(".", Duration.ofSeconds(3));

    Result result =
        new Submission(
                SubmissionSettings.plain("127.0.0.1", server.port()),
                "us.test",
                Duration.ofSeconds(2))
            .send(ADA, MESSAGE.getBytes(US_ASCII));

    assertInstanceOf(Result.Taken.class, result);
  }

  @ParameterizedTest
  @CsvSource({
    "RCPT, 550 5.1.1 no such user",
    "RCPT, 550 nobody here",
    "RCPT, 552 5.2.2 mailbox full",
    "DATA, 554 5.5.1 no",
    "., 552 5.3.4 too large",
    "., 554 5.7.1 we do not want it"
  })
  void whatIsAboutTheRecipientOrTheContentIsRefusedForGood(String command, String reply) {
    server.answer(command, reply);

    Result.Refused refused = assertInstanceOf(Result.Refused.class, send(ADA));

    assertTrue(refused.reply().contains(reply), refused.reply());
  }

  @ParameterizedTest
  @CsvSource({
    "MAIL, 530 5.7.0 authentication required",
    "MAIL, 550 5.1.8 the null sender is not welcome",
    "RCPT, 554 5.7.1 relay access denied",
    "RCPT, 530 log in first"
  })
  void whatTheServerHasAgainstItsClientIsForAnAdministratorToCure(String command, String reply) {
    server.answer(command, reply);

    Result.Failed failed = assertInstanceOf(Result.Failed.class, send(ADA));

    assertTrue(failed.problem().contains(reply), failed.problem());
  }

  @ParameterizedTest
  @ValueSource(strings = {"MAIL", "RCPT", "DATA", "."})
  void whatIsRefusedForNowMayGoLater(String command) {
    server.answer(command, "451 4.3.0 not now");

    Result.Failed failed = assertInstanceOf(Result.Failed.class, send(ADA));

    assertTrue(failed.problem().contains("451 4.3.0 not now"), failed.problem());
  }

  @ParameterizedTest
  @ValueSource(strings = {"EHLO", "MAIL", "RCPT", "DATA", "."})
  void aConnectionThatIsCutMayGoLater(String command) {
    server.answer(command, SubmissionServer.CUT).answer("HELO", SubmissionServer.CUT);

    assertInstanceOf(Result.Failed.class, send(ADA));
  }

  @Test
  void aServerThatIsNotThereMayComeBack() throws IOException {
    // Bound, so that no other takes the port; nobody listens.
    try (Socket held = new Socket()) {
      held.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      Submission submission =
          new Submission(
              SubmissionSettings.plain("127.0.0.1", held.getLocalPort()),
              "us.test",
              Duration.ofSeconds(20));

      assertInstanceOf(Result.Failed.class, submission.send(ADA, MESSAGE.getBytes(US_ASCII)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nRCPT TO:<b@example.org", "a>b@example.org", "\u0000@example.org"})
  void anAddressThatIsNoneIsNotSaid(String address) {
    assertInstanceOf(Result.Refused.class, send(new Address(address)));

    assertEquals(List.of(), server.commands());
  }
}
