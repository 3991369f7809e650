package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Postfix's short queue ids come again. */
final class TortureLogTest {
  private static final List<String> FIRST =
      List.of(
          "Nov 30 01:44:24 mail postfix/smtpd[1]: AA11A20C0BE: client=localhost[127.0.0.1]",
          sent("first@one.test"),
          "Nov 30 01:44:25 mail postfix/qmgr[3]: AA11A20C0BE: removed");

  private static final ZonedDateTime NOW = ZonedDateTime.parse("2026-11-30T02:00:00Z");

  private static String sent(String recipient) {
    return "Nov 30 01:44:24 mail postfix/smtp[2]: AA11A20C0BE: to=<"
        + recipient
        + ">, relay=127.0.0.1[127.0.0.1]:27490, delay=0.24, delays=0.19/0/0.04/0, dsn=2.0.0,"
        + " status=sent (250 2.0.0 Ok)";
  }

  private static List<List<String>> recipients(String... later) {
    return read(later).stream()
        .map(message -> message.lines().stream().map(Mta.LogLine::to).toList())
        .toList();
  }

  private static List<LoggedMessage> read(String... later) {
    List<String> lines = Stream.concat(FIRST.stream(), Stream.of(later)).toList();
    return TortureLog.ofPostfix(lines, LogStamp.before(NOW)).messages();
  }

  @Test
  void aBounceThatGetsTheQueueIdOfAnEarlierMessageIsAnother() {
    assertEquals(
        List.of(List.of("first@one.test")),
        recipients(
            "Nov 30 01:47:49 mail postfix/cleanup[4]: AA11A20C0BE: message-id=<x@mail.local.test>",
            sent("sender@home.test"),
            "Nov 30 01:47:50 mail postfix/qmgr[3]: AA11A20C0BE: removed"));
  }

  @Test
  void aSecondMessageThatAMilterSeesIsAnother() {
    assertEquals(
        List.of(List.of("first@one.test"), List.of("second@two.test")),
        recipients(
            "Nov 30 01:47:49 mail postfix/smtpd[5]: AA11A20C0BE: client=localhost[127.0.0.1]",
            sent("second@two.test")));
  }

  @Test
  void eachHasItsOwnMessageId() {
    List<LoggedMessage> both =
        read(
            "Nov 30 01:47:49 mail postfix/smtpd[5]: AA11A20C0BE: client=localhost[127.0.0.1]",
            "Nov 30 01:47:49 mail postfix/cleanup[4]: AA11A20C0BE: message-id=<b@letters.test>");

    assertEquals(
        List.of(Optional.empty(), Optional.of("<b@letters.test>")),
        both.stream().map(LoggedMessage::messageId).toList());
    assertEquals(
        Optional.of("<c@letters.test>"),
        TortureLog.ofSendmail(
                List.of(
                    "6AU3To1f030008: from=<s@home.test>, size=928, class=0, nrcpts=2,"
                        + " msgid=<c@letters.test>, proto=ESMTP, daemon=MTA-inet"))
            .messages()
            .get(0)
            .messageId());
  }

  @Test
  void aLinesTimeIsOfTheLastYearThatItCanBeOf() {
    LogStamp stamp = LogStamp.before(ZonedDateTime.parse("2026-01-02T00:00:00Z"));

    assertEquals(
        Optional.of(Instant.parse("2025-12-31T23:59:59Z")), stamp.of("Dec 31 23:59:59 mail x"));
    assertEquals(
        Optional.of(Instant.parse("2026-01-01T00:00:00Z")), stamp.of("Jan  1 00:00:00 mail x"));
    assertEquals(Optional.empty(), stamp.of("a line without a time"));
  }
}
