package org.mailjournal.relaytest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mailjournal.relaytest.Mta.LogLine;

class PostfixLogTest {
  @Test
  void readsARecipientsLine() {
    assertEquals(
        Optional.of(
            new LogLine(
                "4D1E2C0A",
                "a@b.test",
                "",
                "127.0.0.1[127.0.0.1]:2525",
                "2.0.0",
                "sent",
                "250 2.0.0 Ok: queued as (X)")),
        PostfixLog.parse(
            "Nov 24 05:34:39 mail postfix/smtp[12]: 4D1E2C0A: to=<a@b.test>, "
                + "relay=127.0.0.1[127.0.0.1]:2525, delay=0.1, delays=0.05/0/0/0.05, dsn=2.0.0, "
                + "status=sent (250 2.0.0 Ok: queued as (X))"));
  }

  @Test
  void readsTheOriginalRecipientAndAConnectionUsedAgain() {
    LogLine line =
        PostfixLog.parse(
                "Nov  4 05:34:39 mail postfix/smtp[12]: 4YHn9b2kMCz9V: to=<a@b.test>, "
                    + "orig_to=<c@d.test>, relay=x[::1]:25, conn_use=3, delay=1, "
                    + "delays=0.05/0/0/0.05, dsn=4.2.1, status=deferred (host x said: 450 no)")
            .orElseThrow();
    assertEquals("c@d.test", line.originalTo());
    assertEquals("x[::1]:25", line.relay());
    assertEquals("host x said: 450 no", line.text());
  }

  @Test
  void isNotFooledByAnAddressThatLooksLikeALine() {
    LogLine line =
        PostfixLog.parse(
                "Nov  4 05:34:39 mail postfix/smtp[12]: 4D1E: to=<\"x>, y\"@b.test>, relay=none, "
                    + "delay=1, delays=0/0/0/0, dsn=5.4.4, status=bounced (unknown)")
            .orElseThrow();
    assertEquals("\"x>, y\"@b.test", line.to());
  }

  @Test
  void otherLinesAreNone() {
    assertTrue(PostfixLog.parse("Nov  4 05:34:39 mail postfix/qmgr[12]: 4D1E: removed").isEmpty());
    assertTrue(
        PostfixLog.parse(
                "Nov  4 05:34:39 mail postfix/qmgr[12]: 4D1E: from=<a@b>, status=expired, "
                    + "returned to sender")
            .isEmpty());
  }
}
