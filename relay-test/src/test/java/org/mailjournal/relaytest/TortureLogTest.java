package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Postfix's short queue ids come again. */
final class TortureLogTest {
  private static final List<String> FIRST =
      List.of(
          "Nov 30 01:44:24 mail postfix/smtpd[1]: AA11A20C0BE: client=localhost[127.0.0.1]",
          sent("first@one.test"),
          "Nov 30 01:44:25 mail postfix/qmgr[3]: AA11A20C0BE: removed");

  private static String sent(String recipient) {
    return "Nov 30 01:44:24 mail postfix/smtp[2]: AA11A20C0BE: to=<"
        + recipient
        + ">, relay=127.0.0.1[127.0.0.1]:27490, delay=0.24, delays=0.19/0/0.04/0, dsn=2.0.0,"
        + " status=sent (250 2.0.0 Ok)";
  }

  private static List<String> recipients(String... later) {
    List<String> lines = Stream.concat(FIRST.stream(), Stream.of(later)).toList();
    return TortureLog.ofPostfix(lines).messages().get("AA11A20C0BE").lines().stream()
        .map(Mta.LogLine::to)
        .toList();
  }

  @Test
  void aBounceThatGetsTheQueueIdOfAnEarlierMessageIsAnother() {
    assertEquals(
        List.of("first@one.test"),
        recipients(
            "Nov 30 01:47:49 mail postfix/cleanup[4]: AA11A20C0BE: message-id=<x@mail.local.test>",
            sent("sender@home.test"),
            "Nov 30 01:47:50 mail postfix/qmgr[3]: AA11A20C0BE: removed"));
  }

  @Test
  void aMessageThatAMilterSeesIsRead() {
    assertEquals(
        List.of("first@one.test", "second@two.test"),
        recipients(
            "Nov 30 01:47:49 mail postfix/smtpd[5]: AA11A20C0BE: client=localhost[127.0.0.1]",
            sent("second@two.test")));
  }
}
